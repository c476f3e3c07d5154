// The Group definition: people under one name.

import type { Group } from "../core/playbook.ts";
import { complain, field, section } from "./leaf.ts";
import { checkPeopleTwice, people } from "./people.ts";
import { choice, name } from "./values.ts";

export const group = () =>
  section({
    kind: field(choice(["Group"]), "Always `Group`."),
    name: field(name(), "Approvals, checklists and environments name it.", "release-managers"),
    members: field(people(), "Its people, as they sign in.", ["alice", "bob@example.com"]),
  }).transform((raw, ctx): Group => {
    checkPeopleTwice(raw.members, "members", ctx);
    if (raw.name === "sluice") {
      const message = "expected another name: sluice is the control plane itself";
      complain(ctx, { code: "bad-name", message }, ["name"]);
    }
    return { name: raw.name, members: raw.members };
  });
