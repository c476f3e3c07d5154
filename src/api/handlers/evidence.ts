// Evidence of a release: reports attached, findings waived, change records noted, all of it shown.

import * as z from "zod";
import type { ReleaseId } from "../../core/ids.ts";
import { EVIDENCE_LIMIT_BYTES } from "../contract/evidence.ts";
import { ROUTES } from "../contract/routes.ts";
import { readEvidence } from "../evidence-reading.ts";
import { readFindings } from "../findings-reading.ts";
import { handler } from "../handler.ts";
import { placesOf, requireKnown } from "../known-names.ts";
import { fileName, label, moment, person, reason, releaseName, webAddress } from "../input.ts";
import type { ApiParts } from "../parts.ts";
import { requireRelease, requireReleaseOf } from "../release-reading.ts";
import { changeView, reportView, theOne, waiverView } from "../standing-views.ts";

/** Twenty megabytes have to arrive and to be read. */
const READ_DEADLINE_MS = 60_000;

export const addEvidence = handler(ROUTES.addEvidence, {
  summary: "Attach a report to a release; its format is found by its content",
  query: z.strictObject({ name: fileName }),
  body: z.custom<Uint8Array>(
    (body) => body instanceof Uint8Array && body.length > 0,
    "must be the report itself, and this one is empty",
  ),
  bodyLimitBytes: EVIDENCE_LIMIT_BYTES,
  deadlineMs: READ_DEADLINE_MS,
  replies: "ReportView",
  handle: async ({ params, query, body, by, parts }) => {
    const request = { release: params.release, name: query.name, bytes: body, by };
    return reportView(theOne(await parts.operations.addEvidence(request), "evidence"));
  },
});

export const evidence = handler(ROUTES.evidence, {
  summary: "Reports of a release, what is waived, and what its gates want",
  replies: "EvidenceView",
  handle: async ({ params, parts }) => {
    await requireRelease(parts, params.release);
    return readEvidence(parts, params.release);
  },
});

export const findings = handler(ROUTES.findings, {
  summary: "Open findings of a service, since when they are known and by when they are due",
  query: z.strictObject({ release: releaseName.optional() }),
  replies: "FindingsView",
  handle: async ({ params, query, parts }) => {
    const { service } = params;
    const release = query.release ?? null;
    requireKnown(await placesOf(parts), { service });
    if (release !== null) await requireReleaseOf(parts, service, release);
    return readFindings(parts, service, release);
  },
});

export const waive = handler(ROUTES.waive, {
  summary: "Answer for a finding or a value of a release, until a day",
  body: z.strictObject({ what: label, reason, owner: person, until: moment }),
  replies: "WaiverView",
  handle: async ({ params, body, by, parts }) =>
    said(parts, params.release, async (release) =>
      waiverView(theOne(await parts.operations.waive({ ...body, release, by }), "waiver")),
    ),
});

export const change = handler(ROUTES.change, {
  summary: "Note a ticket of change management for a release",
  body: z.strictObject({
    id: label,
    state: z.enum(["open", "approved", "rejected"]),
    url: webAddress.nullable(),
  }),
  replies: "ChangeView",
  handle: async ({ params, body, by, parts }) =>
    said(parts, params.release, async (release) =>
      changeView(
        theOne(await parts.operations.recordChange({ ...body, release, by }), "changeRecord"),
      ),
    ),
});

const said = async <T>(
  parts: ApiParts,
  release: ReleaseId,
  say: (release: ReleaseId) => Promise<T>,
): Promise<T> => {
  await requireRelease(parts, release);
  return say(release);
};
