// The control plane's log: structured JSON lines on stderr, for people and for collectors alike.

import { pino } from "pino";
import type { Logger } from "pino";

/** `SLUICE_LOG_LEVEL`: trace, debug, info, warn, error or silent; anything else counts as info. */
export const replicaLog = (level: string | undefined, replica: string): Logger => {
  const known = ["trace", "debug", "info", "warn", "error", "silent"];
  return pino(
    {
      level: level !== undefined && known.includes(level) ? level : "info",
      base: { replica },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ["*.token", "*.authorization", "*.password"], censor: "[REDACTED]" },
    },
    stderr(),
  );
};

/** Whoever read the log may have gone; that must not bring the control plane down. */
const stderr = (): ReturnType<typeof pino.destination> => {
  const destination = pino.destination({ dest: 2, sync: true });
  destination.on("error", () => {});
  return destination;
};
