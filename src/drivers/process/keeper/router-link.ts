// What the keeper says to the router, and what it hears: which instances of a slot can be sent
// requests, and how many requests are under way on each.

import { z } from "zod";
import type { SlotName } from "../../../core/lane.ts";
import { askUnix } from "../unix-http.ts";

export interface Endpoint {
  /** The instance's id. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** Finishes what it has, gets nothing new. */
  readonly draining: boolean;
}

const endpointSchema = z.object({
  id: z.string(),
  host: z.string(),
  port: z.number(),
  draining: z.boolean(),
  inFlight: z.number(),
});
const routeSchema = z.object({
  endpoints: z.object({ blue: z.array(endpointSchema), green: z.array(endpointSchema) }),
});
export type RouterEndpoint = z.infer<typeof endpointSchema>;

const infoSchema = z.object({ pid: z.number().int().optional() });
const heldSchema = z.object({ held: z.number() });

const DEADLINE_MS = 1_000;

export interface RouterLink {
  /** Null: it does not answer. `pid` is null where it does not say. */
  alive(): Promise<{ readonly pid: number | null } | null>;
  /** Rejects where the router could not be asked. */
  endpoints(lane: string): Promise<Readonly<Record<SlotName, readonly RouterEndpoint[]>>>;
  /** Null once the router has them; otherwise why not. */
  put(lane: string, slot: SlotName, endpoints: readonly Endpoint[]): Promise<string | null>;
}

export const routerLink = (socket: string): RouterLink => {
  let epoch = 0;
  const path = (lane: string): string => `/routes/${encodeURIComponent(lane)}`;
  const signal = (): AbortSignal => AbortSignal.timeout(DEADLINE_MS);
  return {
    alive: async () => {
      try {
        const answer = await askUnix({ socket, method: "GET", path: "/", signal: signal() });
        const info = infoSchema.safeParse(parseOrNull(answer.text));
        return { pid: info.data?.pid ?? null };
      } catch {
        return null;
      }
    },
    endpoints: async (lane) => {
      const answer = await askUnix({ socket, method: "GET", path: path(lane), signal: signal() });
      if (answer.status === 404) return { blue: [], green: [] };
      return routeSchema.parse(JSON.parse(answer.text)).endpoints;
    },
    put: async (lane, slot, endpoints) => {
      // Above every one before, also one that an earlier keeper sent.
      epoch = Math.max(epoch + 1, Date.now());
      const body = { epoch, endpoints };
      try {
        const to = `${path(lane)}/endpoints/${slot}`;
        const answer = await askUnix({ socket, method: "PUT", path: to, body, signal: signal() });
        // The clock was set back: go on from what the router has.
        const held = heldSchema.safeParse(parseOrNull(answer.text));
        if (answer.status === 409 && held.success) epoch = Math.max(epoch, held.data.held);
        return answer.status >= 200 && answer.status < 300 ? null : answer.text;
      } catch (error) {
        return String(error);
      }
    },
  };
};

const parseOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
