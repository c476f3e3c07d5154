// Plants imports that the house forbids, beside ones that only look like them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { checkImports, checkRooms } from "./imports.ts";
import { judge } from "./testing.ts";
import type { Planted } from "./testing.ts";

const PACKAGES = JSON.stringify({
  dependencies: { pg: "1", zod: "1", commander: "1" },
  devDependencies: { "fast-check": "1" },
});

const importsIn = (files: Planted): readonly string[] =>
  judge(checkImports, { "package.json": PACKAGES, ...files });

const caught = (path: string, text: string, message: RegExp): void => {
  const found = importsIn({ [path]: text });
  assert.equal(found.length, 1, `expected one violation, found: ${found.join("\n")}`);
  assert.match(found[0] ?? "", message);
};

describe("imports", () => {
  const forbidden: readonly (readonly [string, string, RegExp])[] = [
    ["src/core/a.ts", `import { b } from "../ports/b.ts";`, /src\/core\/ may not know src\/ports/],
    ["src/core/a.ts", `import type { B } from "../store/b.ts";`, /may not know src\/store\/b\.ts/],
    ["src/core/a.ts", `export { b } from "../config/b.ts";`, /may not know src\/config\/b\.ts/],
    ["src/core/a.ts", `type B = import("../shell/b.ts").B;`, /may not know src\/shell\/b\.ts/],
    ["src/core/a.ts", `const b = import("../api/b.ts");`, /may not know src\/api\/b\.ts/],
    ["src/core/a.ts", `import { hash } from "node:crypto";`, /may not use node:crypto of Node/],
    ["src/core/sha256.ts", `import "node:fs";`, /may not use node:fs of Node/],
    ["src/core/a.ts", `import { z } from "zod";`, /may not use the package zod/],
    ["src/ports/a.ts", `import type { B } from "../drivers/b/b.ts";`, /may not know src\/drivers/],
    ["src/drivers/a/a.ts", `import { b } from "../b/b.ts";`, /src\/drivers\/a\/ may not know/],
    ["src/drivers/a/a.ts", `import { b } from "../../store/b.ts";`, /may not know src\/store/],
    ["src/drivers/a/a.ts", `import { Pool } from "pg";`, /may not use the package pg/],
    ["src/store/a.ts", `import { b } from "../shell/b.ts";`, /may not know src\/shell\/b\.ts/],
    ["src/shell/a.ts", `import { b } from "../store/b.ts";`, /may not know src\/store\/b\.ts/],
    ["src/shell/a.ts", `import { setTimeout } from "node:timers/promises";`, /may not use node/],
    ["src/config/a.ts", `import { b } from "../ports/b.ts";`, /may not know src\/ports\/b\.ts/],
    ["src/config/a.ts", `import fs from "node:fs";`, /may not use node:fs of Node/],
    ["src/drivers/process/a.ts", `import { b } from "../folder-blobs/b.ts";`, /may not know src/],
    ["src/api/a.ts", `import { b } from "../wiring/b.ts";`, /may not know src\/wiring\/b/],
    ["src/api/a.ts", `import { b } from "../store/b.ts";`, /src\/api\/ may not know src\/store/],
    ["src/api/contract/a.ts", `import { b } from "../server.ts";`, /contract\/ may not know/],
    ["src/cli/a.ts", `import { b } from "../api/routes.ts";`, /may not know src\/api\/routes\.ts/],
    ["src/cli/a.ts", `import { b } from "../core/b.ts";`, /src\/cli\/ may not know src\/core/],
    ["src/web/a.ts", `import { b } from "../core/b.ts";`, /src\/web\/ may not know src\/core/],
    ["src/router/a.ts", `import { b } from "../core/b.ts";`, /may not know src\/core\/b\.ts/],
    ["src/sim/a.ts", `import { b } from "../store/migrate.ts";`, /may not know src\/store\/m/],
    ["src/layout/a.ts", `import { b } from "../core/b.ts";`, /may not know src\/core\/b\.ts/],
    ["src/store/a.ts", `import { b } from "../main.ts";`, /nothing imports src\/main\.ts/],
    ["src/store/a.ts", `import fc from "fast-check";`, /fast-check is not among the dependencies/],
    ["src/store/a.test.ts", `import x from "left-pad";`, /left-pad is not in package\.json/],
    ["src/store/a.ts", `import { b } from "./b";`, /write the whole name of the file/],
    ["src/store/a.ts", `import { b } from "./b.js";`, /write the whole name of the file/],
    ["src/store/a.ts", `import fs from "fs";`, /write "node:fs"/],
    ["src/store/a.ts", `import { b } from "./b.contract.ts";`, /must not import the test file/],
    ["src/store/a.ts", `import { b } from "./b.test.ts";`, /must not import the test file/],
  ];
  for (const [path, text, message] of forbidden) {
    test(`${path} must not: ${text}`, () => caught(path, text, message));
  }

  test("what a room may know passes, and so does what merely looks like an import", () => {
    const found = importsIn({
      "src/core/a.ts": `import { b } from "./strategies/b.ts";\nimport { c } from "./sha256.ts";
        // import { x } from "../store/x.ts";\nconst text = 'import { x } from "../store/x.ts"';`,
      "src/core/strategies/b.ts": `import { a } from "../a.ts";`,
      "src/core/sha256.ts": `import { hash } from "node:crypto";\nimport { c } from "./c.ts";`,
      "src/drivers/a/a.ts": `import { b } from "../../core/b.ts";\nimport { c } from "./c.ts";`,
      "src/store/a.ts": `import pg from "pg";\nimport { l } from "../layout/layout.ts";`,
      "src/api/routes.ts": `import { c } from "./contract/c.ts";\nimport { z } from "zod";`,
      "src/api/contract/c.ts": `import { b } from "../../core/b.ts";`,
      "src/cli/a.ts": `import { c } from "../api/contract/c.ts";\nimport { x } from "commander";`,
      "src/cli/up.ts": `const main = new URL("../main.ts", import.meta.url);`,
      "src/drivers/process/keeper/main.ts": `import { b } from "../../folder-blobs/blobs.ts";`,
      "src/config/publish.ts": `import fs from "node:fs";\nimport { p } from "./parse.ts";`,
      "src/wiring/plane.ts": `import { s } from "../shell/s.ts";\nimport { a } from "../api/a.ts";`,
      "src/main.ts": `import { x } from "./router/x.ts";\nimport { y } from "./cli/y.ts";`,
      "src/store/a.test.ts": `import fc from "fast-check";\nimport { s } from "../shell/s.ts";`,
      "demo/main.ts": `import { x } from "../src/store/x.ts";`,
    });
    assert.deepEqual(found, []);
  });
});

describe("rooms", () => {
  test("a folder without a row in the table is caught", () => {
    const found = judge(checkRooms, { "src/attic/a.ts": "export const a = 1;" });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /^src\/attic\/a\.ts:0 rooms: no room/);
  });

  test("tests and folders outside src need none", () => {
    const found = judge(checkRooms, {
      "src/attic.test.ts": "export const a = 1;",
      "bench/main.ts": "export const a = 1;",
    });
    assert.deepEqual(found, []);
  });
});
