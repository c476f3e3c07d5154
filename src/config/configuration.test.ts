// Configurations as they are written: layers and files of values, what a service gets of them, and
// where each value is said to come from.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { render } from "../core/configuration/render.ts";
import type { ConfigMap, ConfigValue } from "../core/configuration/values.ts";
import type { EnvironmentName, ServiceName } from "../core/ids.ts";
import type { Runtime } from "../core/runtime.ts";
import { explain } from "./explain.ts";
import { parseDefinitions } from "./parse.ts";
import { linesOf } from "./refusals.testing.ts";
import type { SourceText } from "./yaml-source.ts";
import { Refusal } from "../core/refusal.ts";

const AROUND = `---
kind: Environment
name: staging
tier: staging
takes: { from: release, how: manual }
---
kind: Environment
name: production
tier: production
takes: { from: staging, how: manual }
---
kind: Playbook
name: p
deploy: [{ recreate: {} }]
---
kind: Service
name: web
run:
  command: [web]
  readiness: { path: / }
  env: { SITE: "https://\${SLUICE_ENVIRONMENT}.\${DOMAIN}" }
  configuration:
    use: web
    env: { LEVEL: logging.level, SITE: logging.level, LIST: hosts }
    files:
      - { name: web.yaml }
      - { name: log.env, format: env, of: logging, variable: LOG_FILE }
environments:
  staging: { playbook: p, listen: "127.0.0.1:1" }
  production: { playbook: p, listen: "127.0.0.1:2", env: { LEVEL: error } }
`;

const FILES: readonly SourceText[] = [
  {
    path: "all/web.yaml",
    text: `kind: Configuration
name: web
refresh: 1m
variables: { DOMAIN: example.org, PASSWORD: secret:local/db }
file: config/base.yaml
values: { logging: { level: "\${LEVEL:-info}" } }
environments:
  production:
    variables: { DOMAIN: example.com }
    file: config/production.yaml
${AROUND}`,
  },
  {
    path: "all/config/base.yaml",
    text: "logging:\n  level: debug\n  format: json\nhosts: [a, b]\ndb: ${PASSWORD}\n",
  },
  { path: "all/config/production.yaml", text: "hosts: [c]\n" },
];

const runtimeIn = (environment: string, files = FILES): Runtime => {
  const [service] = parseDefinitions(files).services;
  const here = service?.environments.find((one) => one.environment === environment);
  return here?.runtime ?? assert.fail(environment);
};

test("a service gets in each environment what its layers say, secrets as references", () => {
  const { env, configuration } = runtimeIn("production");
  assert.deepEqual(env, {
    LEVEL: "error",
    SITE: "https://production.example.com",
    LIST: '["c"]',
  });
  const logging = { level: "info", format: "json" };
  assert.deepEqual(configuration, {
    name: "web",
    refreshMs: 60_000,
    onRefresh: null,
    files: [
      {
        name: "web.yaml",
        format: "yaml",
        variable: null,
        values: { logging, hosts: ["c"], db: "${secret:local/db}" },
      },
      { name: "log.env", format: "env", variable: "LOG_FILE", values: logging },
    ],
  });
  const staging = runtimeIn("staging");
  assert.equal(staging.env["SITE"], "https://staging.example.org");
  assert.deepEqual(staging.configuration?.files[0]?.values["hosts"], ["a", "b"]);
});

test("a value is explained by its places, the strongest first", () => {
  const lane = { service: "web" as ServiceName, environment: "production" as EnvironmentName };
  const { configuration, keys } = explain(FILES, lane);
  assert.equal(configuration, "web");
  const lines = keys.map(({ part, key, value, said }) => {
    const places = said.map(
      ({ by, where }) => `${by.split(" ")[0]} ${where.split(" ")[0]?.slice(4)}`,
    );
    return `${part} ${key} = ${JSON.stringify(value)}: ${places.join(" over ")}`;
  });
  assert.deepEqual(lines, [
    'value logging.level = "info": every web.yaml:6 over every config/base.yaml:2',
    'value logging.format = "json": every config/base.yaml:3',
    'value hosts = ["c"]: production config/production.yaml:1 over every config/base.yaml:4',
    'value db = "${secret:local/db}": every config/base.yaml:5',
    'variable SLUICE_SERVICE = "web": ',
    'variable SLUICE_ENVIRONMENT = "production": ',
    'variable DOMAIN = "example.com": production web.yaml:9 over every web.yaml:4',
    'variable PASSWORD = "${secret:local/db}": every web.yaml:4',
    'env LEVEL = "error": production web.yaml:40 over its web.yaml:34',
    'env SITE = "https://production.example.com": the web.yaml:31 over its web.yaml:34',
    'env LIST = "[\\"c\\"]": its web.yaml:34',
  ]);
});

const withFile = (text: string): readonly string[] => {
  const files = FILES.map((file) =>
    file.path.endsWith("production.yaml") ? { ...file, text } : file,
  );
  try {
    parseDefinitions(files);
  } catch (error) {
    if (error instanceof Refusal) return linesOf(error);
    throw error;
  }
  return [];
};

const WRONG_FILES = [
  [
    "hosst: [c]\n",
    "unknown-key all/config/production.yaml:1 hosst: hosst is not there for every environment, " +
      "so nothing can change it (did you mean hosts?)",
  ],
  ["- a\n", "wrong-type all/config/production.yaml:1: expected a map of values, found a list"],
  [
    "logging:\n  level: ${LVL}\n",
    "unknown-variable all/config/production.yaml:2 logging.level: there is no variable LVL here " +
      "(known here: SLUICE_SERVICE, SLUICE_ENVIRONMENT, DOMAIN, PASSWORD)",
  ],
  [
    "logging: secret:env/x-y\n",
    "wrong-type all/config/production.yaml:1 logging: expected a map for logging, " +
      "as at all/web.yaml:6 values.logging",
  ],
] as const;

for (const [text, expected] of WRONG_FILES) {
  test(`a file of values is refused with its own line: ${expected.slice(0, 30)}`, () => {
    assert.equal(withFile(text)[0], expected);
  });
}

test("a file of two documents, or one that is no YAML, is refused at its own place", () => {
  assert.match(
    withFile("a: 1\n---\nb: 1\n")[0] ?? "",
    /^too-many-documents all\/config\/production/,
  );
  assert.match(withFile("a: [\n")[0] ?? "", /^bad-yaml all\/config\/production.yaml:/);
});

test("only files that a configuration names are files of values", () => {
  const stray = { path: "all/config/other.yaml", text: "hosts: [c]\n" };
  assert.throws(() => parseDefinitions([...FILES, stray]), /other.yaml:1: kind is missing/);
});

test("keys of every name are plain keys", () => {
  const text = '{ "__proto__": { "polluted": 1 }, "constructor": 2, "a.b": 3 }';
  const open = FILES.map((file) => (file.path.endsWith("base.yaml") ? { ...file, text } : file));
  const free = open.filter(({ path }) => !path.endsWith("production.yaml"));
  const web = free.map((file) => ({
    ...file,
    text: file.text.replace("file: config/production.yaml", "values: { a.b: 4 }"),
  }));
  const files = web.map((file) => ({ ...file, text: file.text.replace(", LIST: hosts", "") }));
  const values = runtimeIn("production", files).configuration?.files[0]?.values ?? {};
  assert.deepEqual(Object.keys(values), ["__proto__", "constructor", "a.b", "logging"]);
  assert.equal(values["a.b"], 4);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }).filter((one) => one.isWellFormed()),
  fc.constantFrom(
    "yes",
    "null",
    "~",
    "1e3",
    "0o7",
    "- a",
    "#",
    "a: b",
    "'",
    '"',
    "\\u2028",
    "\\u0085",
    "\\ufeff",
    "<<",
    "\\t",
  ),
);
const { tree } = fc.letrec<{ tree: ConfigMap; value: ConfigValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("tree"),
  ),
  tree: fc
    .uniqueArray(fc.tuple(text, tie("value")), { maxLength: 4, selector: ([name]) => name })
    .map((entries): ConfigMap => Object.fromEntries(entries)),
}));

test("YAML is read back as it was, whatever the texts and keys hold", () => {
  fc.assert(
    fc.property(tree, (values) => {
      const yaml = render(values, "yaml");
      assert.deepEqual(parse(yaml, { version: "1.2" }), JSON.parse(JSON.stringify(values)), yaml);
    }),
    { numRuns: 500 },
  );
});
