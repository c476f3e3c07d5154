// What admission decided in a run, to be read and to be taken along.

import { readAdmission } from "../admission-reading.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { runNamed } from "../run-reference.ts";
import { ofKind, reportView } from "../standing-views.ts";
import { verificationSummary } from "../verification-summary.ts";

const MOST_REPORTS = 1_000;

export const admission = handler(ROUTES.admission, {
  summary: "What admission decided at each gate of a run, and by what",
  replies: "AdmissionView",
  handle: async ({ params, parts }) =>
    readAdmission(parts, (await runNamed(parts, params.run)).run),
});

export const attestation = handler(ROUTES.attestation, {
  summary: "The same as a SLSA verification summary in an in-toto statement",
  replies: "VerificationSummary",
  handle: async ({ params, parts }) => {
    const { run } = await runNamed(parts, params.run);
    const release = run.plan.release.id;
    const reports = await parts.operations.listStanding({
      kind: "evidence",
      release,
      service: null,
      environment: null,
      at: null,
      limit: MOST_REPORTS,
    });
    return verificationSummary(
      run,
      await readAdmission(parts, run),
      ofKind(reports, "evidence").map(reportView),
    );
  },
});
