// The BlobStore definition: where backups lie.

import * as z from "zod";
import type { BlobStore } from "../core/backup/database.ts";
import { quoted } from "../core/units.ts";
import { complain, field, leaf, refused, section, wrongType, type Read } from "./leaf.ts";
import { secretReference } from "./secrets.ts";
import { choice, flag, name, text } from "./values.ts";

/** Of S3: 3 to 63 lower-case letters, digits, dots and dashes. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u;
const REGION = /^[a-z0-9-]{1,63}$/u;
const IP = /^(?:[0-9.]+|\[.*\])$/u;
/** Nothing that would have to be written otherwise in an address. */
const PREFIX = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/u;

const endpoint = () =>
  leaf<string>({ title: "URL", type: "string", pattern: "^https?://" }, (raw): Read<string> => {
    if (typeof raw !== "string") return wrongType("a URL");
    const url = raw.length <= 500 && URL.canParse(raw) ? new URL(raw) : null;
    const http = url !== null && ["http:", "https:"].includes(url.protocol);
    if (url !== null && `${url.username}${url.password}` !== "") {
      // The text is not quoted here: it may hold a secret.
      const message = "expected a URL without a user or password in it";
      return refused({ code: "secret-in-url", message, hint: "write accessKey and secretKey" });
    }
    const bare = url !== null && url.pathname === "/" && url.search === "" && url.hash === "";
    if (http && bare) return { kind: "ok", value: url.origin };
    const message = `expected a URL without a path, found ${quoted(raw)}`;
    const hint = "write it like https://s3.us-west-2.amazonaws.com; the bucket is a key of its own";
    return refused({ code: "bad-url", message, hint });
  });

const folder = () =>
  leaf<string>({ title: "folder", type: "string", minLength: 1 }, (raw): Read<string> => {
    if (typeof raw !== "string") return wrongType("a folder");
    const parts = raw.split("/");
    const right = raw !== "" && raw.length <= 1_000 && !raw.includes("\0") && !parts.includes("..");
    if (right) return { kind: "ok", value: raw };
    const message = `expected a folder, found ${quoted(raw)}`;
    const hint = "write it like /var/backups, or like backups for one in the data directory";
    return refused({ code: "bad-path", message, hint });
  });

const s3 = () =>
  section({
    endpoint: field(
      endpoint(),
      "The service's address, without the bucket.",
      "https://s3.us-west-2.amazonaws.com",
    ),
    region: field(
      text({ title: "region", code: "bad-region", pattern: REGION }),
      "As requests are signed for it.",
      "us-west-2",
    ),
    bucket: field(
      text({ title: "bucket", code: "bad-bucket", pattern: BUCKET, expected: "a bucket's name" }),
      "It must be there already.",
      "acme-backups",
    ),
    prefix: field(
      text({
        title: "prefix",
        code: "bad-prefix",
        allowEmpty: true,
        max: 200,
        pattern: PREFIX,
        expected: "folders of letters, digits, . _ and -, each ended by /",
      }).prefault(""),
      "Every name in the bucket begins with it.",
      "sluice/",
    ),
    accessKey: field(secretReference(), "The access key's id.", "secret:env/AWS_ACCESS_KEY_ID"),
    secretKey: field(
      secretReference(),
      "The secret access key.",
      "secret:env/AWS_SECRET_ACCESS_KEY",
    ),
    pathStyle: field(
      flag().prefault(false),
      "The bucket stands in the path, not in the host's name, as most services that are not AWS " +
        "want it.",
      true,
    ),
  });

export const blobStore = () =>
  section({
    kind: field(choice(["BlobStore"]), "Always `BlobStore`."),
    name: field(name(), "Databases name it.", "offsite"),
    folder: field(
      folder().optional(),
      "A folder: absolute, or within the data directory. Either this or `s3`.",
      "/var/backups/sluice",
    ),
    s3: field(s3().optional(), "A bucket of S3, or of a service that speaks it."),
  }).transform((raw, ctx): BlobStore => {
    if (raw.folder !== undefined && raw.s3 === undefined) {
      return { kind: "folder", name: raw.name, folder: raw.folder };
    }
    if (raw.s3 === undefined || raw.folder !== undefined) {
      const found = raw.s3 === undefined ? "neither" : "both";
      const message = `expected either folder or s3, found ${found}`;
      complain(ctx, { code: "one-of", message });
      return z.NEVER;
    }
    const { hostname } = new URL(raw.s3.endpoint);
    if (!raw.s3.pathStyle && IP.test(hostname)) {
      const message = `expected a name in front of which the bucket can stand, found ${hostname}`;
      const hint = "write pathStyle: true";
      complain(ctx, { code: "bad-url", message, hint }, ["s3", "endpoint"]);
      return z.NEVER;
    }
    return { kind: "s3", name: raw.name, ...raw.s3 };
  });
