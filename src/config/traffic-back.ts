// The shares by which traffic returns in the tier `gradual`, as they are written.

import * as z from "zod";
import type { DurationMs, Permille } from "../core/ids.ts";
import type { TrafficBack } from "../core/playbook.ts";
import { formatPermille } from "../core/units.ts";
import { complain, field, type IssueContext } from "./leaf.ts";
import { duration, share } from "./quantities.ts";

const MAX_SHARES = 20;
const FULL = 1000;
/** Where there are shares and nothing else is said. */
const USUAL_BAKE_MS: DurationMs = 120_000;

export const trafficBackFields = () => ({
  traffic: field(
    z.array(share()).min(1).max(MAX_SHARES).optional(),
    "In the tier `gradual`, the shares of traffic that the release it leaves still has, falling, " +
      "the last one 0%. What is left goes at once where a trigger's condition holds, where the " +
      "release has not the instances for its share, where `within` would be overrun, and where " +
      "something urgent waits. Default: all traffic returns at once, as in the other tiers.",
    ["50%", "10%", "0%"],
  ),
  bake: field(
    duration().optional(),
    "How long it stays at each of these shares. Default: 2m.",
    "30s",
  ),
});

interface Written {
  readonly traffic?: readonly Permille[] | undefined;
  readonly bake?: DurationMs | undefined;
}

/** Undefined: all of it returns at once. Faults are reported at `traffic` and `bake`. */
export const trafficBack = (
  ctx: IssueContext,
  { traffic, bake }: Written,
): TrafficBack | undefined => {
  if (traffic === undefined) {
    if (bake === undefined) return undefined;
    const message = "expected traffic beside it: there are no shares to stay at";
    const hint = 'write traffic: ["50%", "10%", "0%"], or leave bake out';
    complain(ctx, { code: "bake-without-traffic", message, hint }, ["bake"]);
    return undefined;
  }
  checkShares(traffic, ctx);
  return { shares: traffic.slice(0, -1), bakeMs: bake ?? USUAL_BAKE_MS };
};

const checkShares = (shares: readonly Permille[], ctx: IssueContext): void => {
  shares.forEach((share, index) => {
    const before = shares[index - 1] ?? FULL;
    if (share < before) return;
    const message = `expected less than ${formatPermille(before)}, found ${formatPermille(share)}`;
    const hint = "shares fall from one to the next, from 100%";
    complain(ctx, { code: "shares-not-falling", message, hint }, ["traffic", index]);
  });
  const last = shares.at(-1) ?? 0;
  if (last === 0) return;
  const message = `expected 0% as the last share, found ${formatPermille(last)}`;
  complain(ctx, { code: "shares-not-empty", message, hint: "add 0%" }, [
    "traffic",
    shares.length - 1,
  ]);
};
