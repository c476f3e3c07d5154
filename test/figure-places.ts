// Where in a definition a row of examples/figures.yaml stands: the definition around it, so that
// the product's own reader can read the row, and the place of what it read.

export interface Place {
  /** A whole definition, with the row's fragment in it as it is written. */
  text(write: string): string;
  /** From the definitions that were read to what the fragment became: keys, names of definitions,
   * and positions in lists, the last one as -1. */
  readonly at: readonly (string | number)[];
}

const NAME = "example";

/** What the fragments refer to. */
export const AROUND = `
kind: Environment
name: development
tier: development
takes: { from: release, how: automatic }
---
kind: Environment
name: staging
tier: staging
takes: { from: development, how: manual }
---
kind: Environment
name: production
tier: production
takes: { from: staging, how: manual }
---
kind: Playbook
name: plain
deploy: [{ recreate: {} }]
---
kind: Group
name: release-managers
members: [alice, bob, carol]
---
kind: Group
name: on-call
members: [dana]
---
kind: Group
name: developers
members: [erin]
---
kind: Checklist
name: pre-deployment
items: [Rollback plan prepared]
---
kind: Checklist
name: post-deployment
items: [Documentation updated]
---
kind: Calendar
name: release-days
zone: UTC
allow: [{ weekly: { days: [tue, thu], from: "10:00", for: 2h } }]
---
kind: BlobStore
name: offsite
folder: /var/backups/sluice
---
kind: Database
name: main
url: secret:env/DATABASE_URL
backup: { to: offsite, encrypt: secret:env/BACKUP_KEY }
`;

/** Each line of the fragment as deep as it belongs. */
const indented = (depth: number, write: string): string =>
  write.replaceAll(/^(?=.)/gmu, " ".repeat(depth));

const listed = (depth: number, write: string): string =>
  `${" ".repeat(depth)}- ${indented(depth + 2, write).trimStart()}`;

const head = (kind: string, rest = ""): string => `kind: ${kind}\nname: ${NAME}\n${rest}`;

const STRATEGY = /^(?:canary|blueGreen|rolling|recreate):/u;
const RECREATE = "deploy:\n  - recreate: {}\n";

const playbook = (at: readonly (string | number)[], text: (write: string) => string): Place => ({
  at: ["playbooks", NAME, ...at],
  text: (write) => head("Playbook", text(write)),
});

const CANARY = "deploy:\n  - canary:\n";
const canary = (text: string): string =>
  `${CANARY}${/^ *steps:/mu.test(text) ? "" : "      steps: [10%, 100%]\n"}${text}`;

const SERVICE_RUN = "run:\n  command: [node, server.js]\n";
const READY = "  readiness: { path: /health }\n";
const LIVES = (more: string): string =>
  [
    "environments:",
    '  production:\n    playbook: plain\n    listen: "127.0.0.1:8080"',
    ...(more === "" ? [] : [more]),
    '  staging: { playbook: plain, listen: "127.0.0.1:8081" }',
    '  development: { playbook: plain, listen: "127.0.0.1:8082" }\n',
  ].join("\n");

const service = (at: readonly (string | number)[], text: (write: string) => string): Place => ({
  at: ["services", NAME, "environments", 0, ...at],
  text: (write) => head("Service", text(write)),
});

const calendar = (key: "allow" | "deny"): Place => ({
  at: ["calendars", NAME, key, 0],
  text: (write) => head("Calendar", `zone: UTC\n${key}:\n${listed(2, write)}`),
});

const PHASES = ["development", "staging", "production"] as const;
const ROLLOUT =
  "zone: UTC\ntype: both\nrisk: low\ndowntime: seconds\nrollback: moderate\nphases:\n";

/** The phases that come before the one that is written, and that one. */
const phases = (write: string): string => {
  const own = PHASES.findIndex((name) => write.includes(`environment: ${name}`));
  const first = PHASES.slice(0, own).map((name) => `  - { environment: ${name}, day: 1 }\n`);
  return `${ROLLOUT}${first.join("")}${listed(2, write)}`;
};

const backup = (write: string): string => {
  const key = "  encrypt: secret:env/BACKUP_KEY\n";
  return `url: secret:env/URL\nbackup:\n  to: offsite\n${write.includes("encrypt:") ? "" : key}`;
};

const takes = (write: string): string => {
  const from = write.includes("from: ") && !/^(?:approval|emergency):/u.test(write);
  return `tier: production\ntakes:\n${from ? "" : "  from: staging\n  how: manual\n"}`;
};

/** By the words that a row says under `in`. */
export const PLACES: Readonly<Record<string, Place>> = {
  Playbook: playbook([], (write) => `${RECREATE}${write}`),
  "Playbook before": playbook(["before", 0], (w) => `before:\n${listed(2, w)}\n${RECREATE}`),
  "Playbook after": playbook(["after", 0], (write) => `${RECREATE}after:\n${listed(2, write)}`),
  "Playbook deploy": playbook(["deploy", 0], (write) => {
    const rest = STRATEGY.test(write) ? "" : "\n  - recreate: {}";
    return `deploy:\n${listed(2, write)}${rest}`;
  }),
  "Playbook deploy.canary": playbook(["deploy", 0, "strategy"], (w) => canary(indented(6, w))),
  "Playbook deploy.canary.advance": playbook(
    ["deploy", 0, "strategy", "bake", "gates", 0],
    (write) => canary(`      advance:\n${listed(8, write)}`),
  ),
  "Playbook deploy.blueGreen": playbook(
    ["deploy", 0, "strategy"],
    (write) => `deploy:\n  - blueGreen:\n${indented(6, write)}`,
  ),
  "Playbook rollback": playbook(
    ["rollback"],
    (write) => `${RECREATE}rollback:\n${indented(2, write)}`,
  ),
  "Playbook rollback.when": playbook(
    ["rollback", "when", 0],
    (write) => `${RECREATE}rollback:\n  when:\n${listed(4, write)}`,
  ),
  "Playbook analysis": playbook(
    ["analysis"],
    (write) => `${RECREATE}analysis:\n${indented(2, write)}`,
  ),
  "Service run": service(["runtime"], (write) => {
    const ready = write.startsWith("readiness:") ? "" : READY;
    return `${SERVICE_RUN}${ready}${indented(2, write)}\n${LIVES("")}`;
  }),
  "Service environments.*": service([], (write) =>
    [SERVICE_RUN, READY, LIVES(indented(4, write))].join(""),
  ),
  "Environment takes": {
    at: ["environments", NAME, "takes"],
    text: (write) => head("Environment", `${takes(write)}${indented(2, write)}`),
  },
  "Environment about": {
    at: ["environments", NAME, "about"],
    text: (write) => head("Environment", `${takes("")}about:\n${indented(2, write)}`),
  },
  Calendar: {
    at: ["calendars", NAME],
    text: (write) => head("Calendar", `${write}\nallow:\n${listed(2, "monthDays: 1..5")}`),
  },
  "Calendar allow": calendar("allow"),
  "Calendar deny": calendar("deny"),
  "Checklist items": {
    at: ["checklists", NAME, "items", 0],
    text: (write) => head("Checklist", `items:\n${listed(2, write)}`),
  },
  "Database backup": {
    at: ["databases", NAME, "backup"],
    text: (write) => head("Database", `${backup(write)}${indented(2, write)}`),
  },
  "Database environments": {
    at: ["databases", NAME],
    text: (write) => head("Database", `${backup("")}environments:\n${indented(2, write)}`),
  },
  Configuration: { at: ["Configuration"], text: (write) => head("Configuration", write) },
  "Configuration values": {
    at: ["Configuration", "base", "values"],
    text: (write) => head("Configuration", `values:\n${indented(2, write)}`),
  },
  Group: { at: ["groups", NAME], text: (write) => head("Group", write) },
  Rollout: {
    at: ["rollouts", NAME],
    text: (write) => {
      const rest = ROLLOUT.replace(/^downtime.*\n/mu, `${write}\n`);
      return head("Rollout", `${rest}  - { environment: development, day: 1 }`);
    },
  },
  "Rollout phases": {
    at: ["rollouts", NAME, "phases", -1],
    text: (write) => head("Rollout", phases(write)),
  },
};
