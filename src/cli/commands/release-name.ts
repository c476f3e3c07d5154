// A release as people write it beside its service: the version alone, or the whole name.

import { usage } from "../cli-failure.ts";

/** Always `service@version`. Refuses a release of another service. */
export const releaseNamed = (service: string, text: string): string => {
  const at = text.indexOf("@");
  if (at < 0) return `${service}@${text}`;
  if (text.slice(0, at) === service) return text;
  throw usage(
    `${text} is not a release of ${service}`,
    `name it by its version, or ${service}@VERSION`,
  );
};
