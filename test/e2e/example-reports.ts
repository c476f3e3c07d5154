// Reports as tools write them, for a release without any blemish: what a pipeline would hand over.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const SAMPLES = join(import.meta.dirname, "../../src/evidence/samples");

const junit = (suite: string): string =>
  `<testsuites><testsuite name="${suite}" tests="2" failures="0" errors="0" skipped="0">` +
  `<testcase classname="app" name="first"/><testcase classname="app" name="second"/>` +
  `</testsuite></testsuites>`;

const TRIVY = {
  SchemaVersion: 2,
  ArtifactName: "app",
  ArtifactType: "container_image",
  Results: [{ Target: "app", Class: "lang-pkgs", Type: "npm", Vulnerabilities: [] }],
};

const K6 = {
  metrics: {
    http_reqs: { count: 2_000, rate: 100 },
    http_req_duration: { avg: 80, min: 2, med: 70, max: 190, "p(90)": 110, "p(95)": 120 },
  },
};

/** By their names, in a folder of their own; their paths. */
export const writeReports = async (folder: string): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true });
  const texts: Readonly<Record<string, string>> = {
    "unit-tests.xml": junit("unit"),
    "integration-tests.xml": junit("integration"),
    "e2e-tests.xml": junit("e2e"),
    "trivy.json": JSON.stringify(TRIVY),
    "k6.json": JSON.stringify(K6),
    "compliance.txt": "compliance: yes\n",
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  await copyFile(join(SAMPLES, "cobertura.xml"), join(folder, "coverage.xml"));
  return [...Object.keys(texts), "coverage.xml"].map((name) => join(folder, name));
};
