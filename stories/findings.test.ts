// Open findings of a service: what is late and what to do about it, what has time, what is waived.

import { test } from "node:test";
import type { FindingsView } from "../src/api/contract/findings.ts";
import { momentAt } from "../src/api/local-moments.ts";
import { later } from "../src/core/ids.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden } from "./story.testing.ts";
import { NOW } from "./views.testing.ts";

const DAY = 86_400_000;
const at = (days: number) => momentAt("America/New_York", later(NOW, days * DAY));
const gate = { environment: "production", step: "entry" };
const waive = (id: string): string =>
  `sluice waive hello@1.1.0 ${id} --reason WHY --owner NAME --until 14d`;

const view: FindingsView = {
  service: "hello",
  release: "hello@1.1.0",
  findings: [
    {
      id: "CVE-2026-1234",
      subject: "openssl",
      severity: "critical",
      waiver: null,
      firstSeen: at(-3),
      firstIn: "hello@1.0.0",
      waive: waive("CVE-2026-1234"),
      dues: [
        {
          ...gate,
          due: at(-2),
          overstayed: false,
          late: true,
        },
      ],
    },
    {
      id: "js/sql-injection",
      subject: "src/db.ts",
      severity: "low",
      waiver: null,
      firstSeen: null,
      firstIn: null,
      waive: waive("js/sql-injection"),
      dues: [
        {
          ...gate,
          due: null,
          overstayed: true,
          late: true,
        },
      ],
    },
    {
      id: "GHSA-ab12",
      subject: "left-pad",
      severity: "high",
      waiver: null,
      firstSeen: at(-1),
      firstIn: "hello@1.1.0",
      waive: waive("GHSA-ab12"),
      dues: [
        {
          ...gate,
          due: at(6),
          overstayed: false,
          late: false,
        },
      ],
    },
    {
      id: "CVE-2026-77",
      subject: "",
      severity: "low",
      waive: waive("CVE-2026-77"),
      firstSeen: at(-1),
      firstIn: "hello@1.1.0",
      waiver: {
        owner: "carol",
        until: at(11),
        reason: "the code that has it is never called",
      },
      dues: [
        {
          ...gate,
          due: null,
          overstayed: false,
          late: false,
        },
      ],
    },
  ],
  wanted: [
    {
      ...gate,
      text: "findings fixed within 1d (critical), within 7d (high), by the next release (low)",
    },
  ],
};

test("open findings are shown with their age, their deadline and what to do", () =>
  compareWithGolden("findings", [
    { type: ["evidence", "findings", "hello"], replies: { findings: view } },
    {
      type: ["evidence", "findings", "hello@1.1.0"],
      replies: { findings: { ...view, findings: view.findings.slice(3), wanted: [] } },
    },
    {
      type: ["evidence", "findings", "hello", "--json"],
      replies: { findings: { ...view, findings: view.findings.slice(0, 1) } },
    },
    {
      type: ["evidence", "findings", "hello"],
      replies: { findings: { ...view, release: null, findings: [], wanted: [] } },
    },
    {
      type: ["evidence", "findings", "helo"],
      replies: {
        findings: refused(
          404,
          "unknown-service",
          "there is no service helo",
          "did you mean hello?",
        ),
      },
    },
    { type: ["evidence", "findings", "--help"] },
    { type: ["evidence", "findings"] },
  ]));
