// What `sluice init` writes: a commented set of definitions that holds together as it is.

import type { SourceText } from "./yaml-source.ts";

/** Paths are relative to the folder that is being set up. */
export const starterDefinitions = (): readonly SourceText[] => [
  { path: "sluice/service.yaml", text: SERVICE },
  { path: "sluice/environments.yaml", text: ENVIRONMENTS },
  { path: "sluice/playbooks.yaml", text: PLAYBOOKS },
];

const SERVICE = `# What is released. Its artifact comes with each release:
#   sluice release create hello --version 1.0.0 --artifact ./dist
kind: Service
name: hello

run:
  # Program and arguments, run in the release's own copy of the artifact.
  # The instance listens on the port in PORT; \${PORT} works in arguments too.
  command: [node, server.js]
  env:
    LOG_LEVEL: info
  readiness: # when an instance may get traffic
    path: /health
  liveness: # when an instance is restarted
    path: /health
    interval: 10s
  stop: # drain requests in flight, then SIGTERM, then SIGKILL
    drain: 10s
    killAfter: 10s
  resources: # what 100% of cpu and memory means in conditions
    cpu: 1
    memory: 256Mi

# Where it lives. The router answers on \`listen\` and splits traffic between releases.
environments:
  development:
    playbook: quick
    instances: 1
    listen: 127.0.0.1:8081
    env:
      LOG_LEVEL: debug
  staging:
    playbook: quick
    instances: 1
    listen: 127.0.0.1:8082
  production:
    playbook: careful
    instances: 2
    listen: 127.0.0.1:8080
`;

const ENVIRONMENTS = `# The way of a release: every new one goes to development.
# What succeeded there goes to staging, and on to production when somebody says so.
kind: Environment
name: development
tier: development
takes:
  from: release
  how: automatic
---
kind: Environment
name: staging
tier: staging
takes:
  from: development
  how: automatic
---
kind: Environment
name: production
tier: production
takes:
  from: staging
  how: manual # sluice promote hello production
  # Asked before the first step; groups and people:
  # approval: { from: [release-managers], count: 2, expires: 24h }
  # When a run may begin:
  # calendar: release-days
  # Who may begin one past windows and freezes:
  # emergency: { from: [release-managers], within: 2h }
# ---
# kind: Group
# name: release-managers
# members: [alice, bob, carol]
# ---
# kind: Calendar
# name: release-days
# zone: America/New_York
# allow:
#   - weekly: { days: [tue, thu], from: "10:00", for: 2h }
# deny:
#   - monthDays: 28..3
#     why: end of month
# ---
# kind: Checklist
# name: pre-deployment
# items:
#   - Rollback plan is documented
#   - { text: Security scan passed, check: { evidence: { criticalVulnerabilities: 0 } } }
`;

const PLAYBOOKS = `# For places without users: replace the instances and look whether they answer.
kind: Playbook
name: quick
deploy:
  - rolling:
      maxSurge: 1
      stability: 0s
after:
  - verify:
      name: smoke
      paths: [/health]
      through: router
---
# For production: a little traffic first, and more only while the metrics are good.
kind: Playbook
name: careful
# What must be so before anything is touched:
# before:
#   - evidence: { coverage: "> 80%", integrationTests: "100%" }
#   - checklist: pre-deployment
deploy:
  # Migrations before the traffic moves; the old release must be able to live with them:
  # - migrate: { up: ./db up, down: ./db down, phase: expand }
  - canary:
      steps: [5%, 25%, 50%, 100%]
      bake: 10m # how long each step is watched
      advance: # what must hold over each bake; too little traffic to say never passes
        - errorRate < 0.5%
        - p95 < 300ms
      stability: 15m # watched at full traffic before the release counts as known good
      keepWarm: 30m # the old release stays up this long: going back to it then is instant
rollback:
  when: # any of these sends the run back, from the first step until its end
    - errorRate > 2% for 1m
    - p95 > 2x baseline for 5m
    - healthCheckFailures > 50% for 1m
    - alert critical
  within: 2m
  keepFailed: 1h # the failed release stays up without traffic for whoever wants to look at it
analysis:
  interval: 15s # a sample and a judgement this often
  window: 1m # each sample covers this much time
  minRequests: 50 # fewer in a window give no verdict
onNewer: queue
onFreeze: hold # a freeze that comes on the way: stay at the present weight until it ends
# notify:
#   - webhook: https://hooks.example.com/deploys
# ---
# The same, but for what is written here:
# kind: Playbook
# name: bold
# extends: careful
# set: { canary: { bake: 2m } }
# ---
# The same with other figures, in one environment:
# kind: Overlay
# name: staging-times
# for: { environment: staging }
# set: { rolling: { stability: 1m }, steps: { smoke: { interval: 1s } } }
`;
