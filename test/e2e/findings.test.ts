// Deadlines for findings on a real database: an old finding holds a release up, a waiver lets it
// pass, one that has ended does not, and what is decided stays in the record.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import type { AdmissionView } from "../../src/api/contract/admissions.ts";
import type { FindingsView } from "../../src/api/contract/findings.ts";
import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, done, release, runWhen, settled } from "./steering.ts";

const LANE = { service: "shop", environment: "live" };
const AT_ONCE = { blueGreen: { stability: "0s", keepWarm: "0s" } };
/** What the first test has behind it when it looks again. */
const DEADLINE = "4s";

const definitions = (port: number) => [
  environment("live"),
  playbook("patched", AT_ONCE, {
    before: [{ evidence: { findings: { critical: DEADLINE, low: "next release" } } }],
  }),
  service("shop", { live: { playbook: "patched", port } }),
];

let plane: Plane;

before(async () => {
  plane = await openPlane();
  const [port = 0] = await freePorts(1);
  await applyDefinitions(plane, definitions(port));
});
after(async () => {
  assert.deepEqual(await plane.close(), []);
});

/** A report of Trivy with these findings in openssl. */
const scanned = async (id: string, findings: Readonly<Record<string, string>>): Promise<void> => {
  const file = join(plane.folder, "trivy.json");
  const Vulnerabilities = Object.entries(findings).map(([VulnerabilityID, Severity]) => ({
    VulnerabilityID,
    PkgName: "openssl",
    Severity,
  }));
  const Results = [{ Target: "app", Vulnerabilities }];
  await writeFile(file, JSON.stringify({ SchemaVersion: 2, ArtifactName: "app", Results }));
  done(await plane.cli(["evidence", "add", id, file]));
};

/** It waits at its gate, and says so. */
const held = async (id: string, says: RegExp): Promise<void> => {
  await runWhen(plane, LANE, id, `held: ${says.source}`, ({ because, weight }) => {
    assert.equal(weight, 0);
    return because.some(({ text }) => says.test(text));
  });
};

const findingsOf = async (id: string): Promise<FindingsView> => {
  const { stdout } = done(await plane.cli(["evidence", "findings", id, "--json"]));
  return JSON.parse(stdout) as FindingsView;
};

test("a finding holds the release after next up when it is late, until it is waived", async () => {
  const first = await release(plane, "shop", "1.0.0");
  await held(first, /no scan was attached/);
  await scanned(first, { "CVE-1": "CRITICAL" });
  assert.equal((await settled(plane, LANE, first)).outcome, "succeeded");

  const second = await release(plane, "shop", "1.1.0");
  const [due] = (await findingsOf(first)).findings.flatMap(({ dues }) => dues);
  const now = Date.now();
  const leftMs = Math.max(0, (due?.due?.at ?? now) - now) + 100;
  await new Promise((resolve) => setTimeout(resolve, leftMs));
  await scanned(second, { "CVE-1": "CRITICAL" });
  await held(
    second,
    /CVE-1 in openssl \(critical\) is late: first seen .* in shop@1\.0\.0, was due/,
  );
  const why = done(await plane.cli(["why", "shop.live"])).stdout.replaceAll(/\s+/g, " ");
  assert.match(why, /sluice waive shop@1\.1\.0 CVE-1 --reason WHY --owner NAME --until 14d/);

  const waive = ["waive", second, "CVE-1", "--reason", "never called", "--owner", "carol"];
  done(await plane.cli([...waive, "--until", "1h"]));
  assert.equal((await settled(plane, LANE, second)).outcome, "succeeded");
  const told = done(await plane.cli(["admission", "shop.live", "--json"])).stdout;
  const { decisions } = JSON.parse(told) as AdmissionView;
  const reasons = decisions.at(-1)?.rules.flatMap((rule) => rule.reasons) ?? [];
  const waived = reasons.find(({ code }) => code === "finding-waived")?.numbers ?? {};
  assert.deepEqual([waived["firstIn"], waived["owner"]], ["shop@1.0.0", "carol"]);
  const exported = done(await plane.cli(["admission", "shop.live", "--export"])).stdout;
  assert.match(exported, /"verificationResult":\s*"PASSED"/);
});

test("a waiver that has ended does not help the next release, a clean report does", async () => {
  const id = await release(plane, "shop", "1.2.0");
  const waive = ["waive", id, "CVE-1", "--reason", "never called", "--owner", "carol"];
  done(await plane.cli([...waive, "--until", "1s"]));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await scanned(id, { "CVE-1": "CRITICAL" });
  await held(id, /CVE-1 in openssl \(critical\) is late/);
  await scanned(id, {});
  assert.equal((await settled(plane, LANE, id)).outcome, "succeeded");
});

test("what is due by the next release passes once, and not twice", async () => {
  const one = await release(plane, "shop", "1.3.0");
  await scanned(one, { "CVE-2": "LOW" });
  assert.equal((await settled(plane, LANE, one)).outcome, "succeeded");
  const two = await release(plane, "shop", "1.4.0");
  await scanned(two, { "CVE-2": "LOW" });
  await held(two, /CVE-2 in openssl \(low\) is late: .* was to be gone in the release after it/);
  done(await plane.cli(["abort", "shop.live", "--reason", "it has what it must not have"]));
});

test("a run that waits is held by a deadline that passes meanwhile", async () => {
  const id = await release(plane, "shop", "1.5.0");
  // Late already, so that it waits; the other one becomes late while it does.
  await scanned(id, { "CVE-2": "LOW", "CVE-3": "CRITICAL" });
  await held(id, /CVE-2 in openssl \(low\) is late/);
  await held(id, /CVE-3 in openssl \(critical\) is due/);
  const dated = (await findingsOf(id)).findings.find((one) => one.id === "CVE-3");
  const leftMs = Math.max(0, (dated?.dues[0]?.due?.at ?? 0) - Date.now()) + 100;
  await new Promise((resolve) => setTimeout(resolve, leftMs));
  const waive = ["waive", id, "CVE-2", "--reason", "never called", "--owner", "carol"];
  done(await plane.cli([...waive, "--until", "1h"]));
  await held(id, /CVE-3 in openssl \(critical\) is late/);
});
