// What a service gets of its configuration, explained.

import * as z from "zod";
import { didYouMean } from "../../core/closest.ts";
import { Refusal } from "../../core/refusal.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { configurationKey } from "../input.ts";

export const configuration = handler(ROUTES.configuration, {
  summary: "Every value that a service gets in an environment, and where it comes from",
  query: z.strictObject({ key: configurationKey.optional() }),
  replies: "ConfigurationView",
  handle: async ({ params, query: { key }, parts }) => {
    const view = await parts.operations.explainConfiguration(params);
    if (key === undefined) return view;
    const keys = view.keys.filter((one) => one.key === key || one.key.startsWith(`${key}.`));
    if (keys.length > 0) return { ...view, keys };
    const known = view.keys.map((one) => one.key);
    throw new Refusal({
      code: "unknown-configuration-key",
      message: `${view.service} gets nothing called ${key} in ${view.environment}`,
      hint: known.length === 0 ? "it gets nothing at all" : didYouMean(key, known),
    });
  },
});
