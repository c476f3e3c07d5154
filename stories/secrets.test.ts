// Configuration explained, and secrets at the command line: typed unseen, listed by name, never
// shown.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigurationView } from "../src/api/contract/configuration.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden, tell } from "./story.testing.ts";
import { NOW } from "./views.testing.ts";

const VALUE = "s3cret-of-the-database";
const secret = {
  name: "db-password",
  reference: "secret:local/db-password",
  by: "alice",
  at: NOW,
};
const older = { ...secret, name: "prod/oidc", reference: "secret:local/prod/oidc", by: "bob" };

test("secrets are set, listed and removed by name", () =>
  compareWithGolden("secrets", [
    { type: ["secret", "set", "db-password"], typed: VALUE, replies: { setSecret: secret } },
    {
      type: ["secret", "set", "db-password", "--json"],
      typed: VALUE,
      replies: { setSecret: secret },
    },
    { type: ["secret", "set", "db-password"], typed: "", replies: { setSecret: secret } },
    { type: ["secret", "set", "db-password", VALUE], typed: VALUE },
    {
      type: ["secret", "set", "pin"],
      typed: "12",
      replies: {
        setSecret: refused(
          422,
          "bad-secret",
          "the value of pin is shorter than 4 characters, so it could not be kept out of logs",
        ),
      },
    },
    { type: ["secret", "list"], replies: { secrets: { secrets: [secret, older] } } },
    { type: ["secret", "list"], replies: { secrets: { secrets: [] } } },
    { type: ["secret", "rotate-key"], replies: { rotateSecretsKey: { secrets: 2 } } },
    {
      type: ["secret", "remove", "db-password"],
      replies: { removeSecret: { name: "db-password" } },
    },
    {
      type: ["secret", "remove", "db-pasword"],
      replies: {
        removeSecret: refused(
          404,
          "unknown-secret",
          "there is no secret db-pasword in the local store",
          "did you mean db-password?",
        ),
      },
    },
  ]));

const explained: ConfigurationView = {
  service: "hello",
  environment: "production",
  configuration: "web",
  keys: [
    {
      part: "value",
      key: "database.url",
      value: "postgres://app:${secret:local/db-password}@db.internal/main",
      secrets: [{ reference: "secret:local/db-password", state: "resolved", why: null }],
      said: [
        {
          by: "every environment",
          where: "web.yaml:8 values.database.url",
          written: "postgres://app:${PASSWORD}@${DATABASE_HOST}/main",
        },
      ],
    },
    {
      part: "value",
      key: "database.pool",
      value: 25,
      secrets: [],
      said: [
        { by: "production", where: "config/production.yaml:2 database.pool", written: 25 },
        { by: "every environment", where: "config/base.yaml:4 database.pool", written: 5 },
      ],
    },
    { part: "variable", key: "SLUICE_SERVICE", value: "hello", secrets: [], said: [] },
    {
      part: "env",
      key: "API_TOKEN",
      value: "${secret:env/API_TOKEN}",
      secrets: [
        {
          reference: "secret:env/API_TOKEN",
          state: "missing",
          why: "set SLUICE_SECRET_API_TOKEN for the control plane and restart it",
        },
      ],
      said: [
        {
          by: "the service",
          where: "hello.yaml:9 run.env.API_TOKEN",
          written: "${secret:env/API_TOKEN}",
        },
      ],
    },
  ],
};

test("config explain shows each value with its line and what it overrides", () =>
  compareWithGolden("config-explain", [
    { type: ["config", "explain", "hello", "production"], replies: { configuration: explained } },
    {
      type: ["config", "explain", "hello", "production", "database.pool", "--json"],
      replies: { configuration: { ...explained, keys: explained.keys.slice(1, 2) } },
    },
    {
      type: ["config", "explain", "hello", "production"],
      replies: { configuration: { ...explained, configuration: null, keys: [] } },
    },
    {
      type: ["config", "explain", "hello", "production", "database.pol"],
      replies: {
        configuration: refused(
          404,
          "unknown-configuration-key",
          "hello gets nothing called database.pol in production",
          "did you mean database.pool?",
        ),
      },
    },
  ]));

test("a secret is sent as it was typed, and printed nowhere", async () => {
  const type = ["secret", "set", "db-password"];
  const told = await tell({ type, typed: VALUE, replies: { setSecret: secret } });
  assert.deepEqual(told.asked.at(-1)?.body, { name: "db-password", value: VALUE });
  assert.ok(!told.text.includes(VALUE));
});
