// Notifications as CloudEvents 1.0 in structured mode over HTTP POST. The effect's key is the
// event's id, so a receiver can drop what it was told twice.

import { effectId } from "../../core/effect.ts";
import type { EffectKey, EffectOutcome, NotifyEvent } from "../../core/effect.ts";
import type { Notifier } from "../../ports/notifier.ts";
import type { Secrets } from "../../ports/secrets.ts";

/** A receiver's answer is read no further than this; only its status counts. */
const ATTEMPTS = 3;
const BACKOFF_MS = 500;

export const webhookNotifier = (
  now: () => number,
  secrets: Pick<Secrets, "resolve">,
): Notifier => ({
  notify: async (key, target, event, signal) => {
    const body = JSON.stringify(cloudEvent(key, event, now()));
    const address = await secrets.resolve({ url: target.url });
    if (address.kind === "unresolved") {
      return { kind: "refused", code: "secret-unresolved", why: address.why };
    }
    const { url } = address.texts;
    if (!/^https?:\/\//u.test(url) || !URL.canParse(url)) {
      const why = `${target.url} stands for something that is no web address`;
      return { kind: "refused", code: "webhook-address", why };
    }
    let outcome: EffectOutcome = { kind: "unknown", why: "not sent" };
    for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt += 1) {
      if (attempt > 0) await pause(BACKOFF_MS * 2 ** (attempt - 1), signal);
      outcome = await post(url, body, signal);
      if (outcome.kind !== "retry" && outcome.kind !== "unknown") return outcome;
    }
    return outcome;
  },
});

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
const cloudEvent = (key: EffectKey, event: NotifyEvent, now: number): object => ({
  specversion: "1.0",
  id: effectId(key),
  source: `/sluice/${key.service}/${key.environment}`,
  type: `dev.sluice.${event.type}`,
  subject: key.run,
  time: new Date(now).toISOString(),
  datacontenttype: "application/json",
  data: { text: event.text, page: event.page, ...event.data },
});

const post = async (url: string, body: string, signal: AbortSignal): Promise<EffectOutcome> => {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/cloudevents+json" },
      body,
      signal,
      redirect: "error",
    });
    await response.body?.cancel();
    if (response.ok) return { kind: "applied", detail: `HTTP ${response.status}` };
    const why = `the receiver answered ${response.status}`;
    return response.status >= 500 || response.status === 429
      ? { kind: "retry", afterMs: BACKOFF_MS, why }
      : { kind: "refused", code: "webhook-refused", why };
  } catch (error) {
    // The address may hold a secret; the message must not.
    const why = error instanceof Error ? error.name : "failed";
    return { kind: "unknown", why: `the webhook did not answer: ${why}` };
  }
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
