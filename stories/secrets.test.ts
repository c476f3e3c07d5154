// Secrets at the command line: typed unseen, listed by name, never shown.

import assert from "node:assert/strict";
import { test } from "node:test";
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

test("a secret is sent as it was typed, and printed nowhere", async () => {
  const type = ["secret", "set", "db-password"];
  const told = await tell({ type, typed: VALUE, replies: { setSecret: secret } });
  assert.deepEqual(told.asked.at(-1)?.body, { name: "db-password", value: VALUE });
  assert.ok(!told.text.includes(VALUE));
});
