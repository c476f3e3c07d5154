// Time zones as definitions write them, wherever they do.

import { parseZone } from "../core/zone.ts";
import { leaf, refused, type Read } from "./leaf.ts";

/** Names that are in use and that the runtime lists under their other name. */
const ZONE_LINKS: readonly string[] = [
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Ho_Chi_Minh",
  "Asia/Yangon",
  "Europe/Kyiv",
  "America/Argentina/Buenos_Aires",
  "America/Indiana/Indianapolis",
  "Pacific/Kanton",
];
const ZONES: readonly string[] = [...Intl.supportedValuesOf("timeZone"), ...ZONE_LINKS];

/** As Temporal takes it. */
export const readZone = (raw: string): Read<string> => {
  const zone = parseZone(raw, ZONES);
  return zone.kind === "ok" ? zone : { ...zone, code: "unknown-zone" };
};

export const zone = () =>
  leaf<string>({ title: "time zone", type: "string", minLength: 1 }, (raw) => {
    if (typeof raw === "string") return readZone(raw);
    const hint = "write it like America/New_York, UTC or UTC-5";
    return refused({ code: "unknown-zone", message: "expected a time zone", found: true, hint });
  });
