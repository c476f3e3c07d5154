// A large organisation's definitions, some of every kind, for tests of time.

import type { SourceText } from "./yaml-source.ts";

const PER_FILE = 250;

const list = (count: number, make: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => make(index));

const playbook = (i: number): string => `kind: Playbook
name: playbook-${i}
before:
  - evidence: { coverage: "> 80%", criticalVulnerabilities: 0 }
  - checklist: checklist-${i % 100}
  - approval: { from: [group-${i % 100}], count: 2, expires: 8h }
  - window: calendar-${i % 100}
deploy:
  - migrate: { up: ./db up, down: ./db down, phase: expand }
  - canary:
      steps: [5%, 25%, 50%, 100%]
      bake: 10m # each
      advance:
        - errorRate < 0.5%
        - p95 < 300ms
      stability: 15m
rollback:
  when: [errorRate > 2% for 1m, p95 > 2x baseline for 5m, alert critical]
`;

const extended = (i: number): string => `kind: Playbook
name: extended-${i}
extends: playbook-${i}
set: { canary: { bake: 5m }, steps: { migrate: { within: 1m } } }
`;

const service = (i: number): string => `kind: Service
name: service-${i}
run:
  command: [node, server.js]
  readiness: { path: /health }
environments:
  staging:
    playbook: extended-${i % 500}
    listen: 127.0.0.1:${1_000 + i}
  production:
    playbook: playbook-${i % 500}
    instances: 3
    listen: 127.0.0.1:${11_000 + i}
`;

const calendar = (i: number): string => `kind: Calendar
name: calendar-${i}
zone: America/New_York
allow:
  - weekly: { days: [tue, thu], from: "10:00", for: 2h }
  - cron: { at: "0 14 * * 1", for: 1h }
deny:
  - monthDays: 28..3
    why: end of month
`;

const checklist = (i: number): string => `kind: Checklist
name: checklist-${i}
items:
  - Code review completed
  - Rollback plan is documented
  - { text: Security scan passed, owner: [group-${i}], check: { changeRecord: {} } }
`;

const group = (i: number): string => `kind: Group
name: group-${i}
members: [alice-${i}, bob-${i}, carol]
`;

const PLACES = `kind: Environment
name: staging
tier: staging
takes: { from: release, how: automatic }
---
kind: Environment
name: production
tier: production
takes: { from: staging, how: manual, calendar: calendar-1, approval: { from: [group-1] } }
---
kind: Overlay
name: quick
for: { environment: staging }
set: { analysis: { interval: 5s }, canary: { stability: 1m } }
`;

/** `count` definitions, and one for each of 500 playbooks that the overlay makes. */
export const manyDefinitions = (count: number): readonly SourceText[] => {
  const others = [
    ...list(500, playbook),
    ...list(500, extended),
    ...list(100, calendar),
    ...list(100, checklist),
    ...list(100, group),
  ];
  const all = [PLACES, ...others, ...list(count - others.length - 3, service)];
  return list(Math.ceil(all.length / PER_FILE), (index) =>
    all.slice(index * PER_FILE, (index + 1) * PER_FILE).join("---\n"),
  ).map((text, index) => ({ path: `definitions/${index}.yaml`, text }));
};
