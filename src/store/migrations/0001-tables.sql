-- Everything that Sluice keeps. Instants are milliseconds since 1970 in a bigint, as in the program.
-- What changes at every pass is kept out of indexes and in loosely filled pages, so that an update
-- touches one page and no index.

create table sluice.lanes (
  service text not null,
  environment text not null,
  revision bigint not null default 1,
  generation bigint not null default 0,
  active_run text,
  stable jsonb,
  known_good jsonb not null default '[]',
  -- Head of the lane's audit chain.
  audit_seq bigint not null default 0,
  audit_hash text not null default repeat('0', 64),
  primary key (service, environment)
) with (fillfactor = 50);

create table sluice.plans (
  hash text primary key,
  body jsonb not null
);

create table sluice.runs (
  id text primary key,
  seq bigint generated always as identity,
  service text not null,
  environment text not null,
  plan_hash text not null references sluice.plans,
  release text not null,
  -- A rollback goes before whatever else waits.
  urgent boolean not null,
  origin jsonb not null,
  created_at bigint not null,
  revision bigint not null,
  generation bigint not null,
  -- queued, forward, back or ended
  state_kind text not null,
  outcome text,
  -- All the rest of the run, as the program has it.
  state jsonb not null,
  -- When it is to be looked at again; null when it has ended.
  wake_at bigint,
  -- Its newest fact and how many of its effects are done: a pass that saw less did not see why the
  -- run was woken.
  last_fact bigint not null default 0,
  effects_done integer not null default 0,
  ended_at bigint,
  foreign key (service, environment) references sluice.lanes
) with (fillfactor = 50);

create unique index runs_in_order on sluice.runs (seq);
create index runs_of_lane on sluice.runs (service, environment, seq);
create index runs_waiting on sluice.runs (service, environment, seq) where state_kind = 'queued';
create index runs_unfinished on sluice.runs (seq) where state_kind <> 'ended';

-- Once effects: what a committed decision wants done exactly once.
create table sluice.effects (
  -- run/generation/ordinal
  id text primary key,
  run text not null references sluice.runs,
  generation bigint not null,
  ordinal integer not null,
  body jsonb not null,
  -- pending, started or done
  state text not null default 'pending',
  claimed_by text,
  beat_at bigint,
  outcome jsonb
) with (fillfactor = 70);

create index effects_of_run on sluice.effects (run, generation, ordinal);
create index effects_started on sluice.effects (id) where state = 'started';

create table sluice.facts (
  seq bigint generated always as identity primary key,
  run text not null references sluice.runs,
  said_by text not null,
  at bigint not null,
  body jsonb not null
);

create index facts_of_run on sluice.facts (run, seq);

-- Written only along with their run, so no reference is checked again for each.
create table sluice.events (
  seq bigint generated always as identity primary key,
  run text not null,
  at bigint not null,
  type text not null,
  step text,
  reasons jsonb not null
);

create index events_of_run on sluice.events (run, seq);

create table sluice.audit (
  chain text not null,
  seq bigint not null,
  at bigint not null,
  said_by text not null,
  action text not null,
  subject text not null,
  why text,
  plan_hash text,
  data jsonb not null,
  previous text not null,
  hash text not null,
  primary key (chain, seq)
);

-- Head of the one chain that belongs to no lane.
create table sluice.control (
  one boolean primary key default true check (one),
  audit_seq bigint not null default 0,
  audit_hash text not null default repeat('0', 64)
);

insert into sluice.control default values;

create table sluice.releases (
  id text primary key,
  seq bigint generated always as identity,
  service text not null,
  version text not null,
  artifact text not null,
  bytes bigint not null,
  files bigint not null,
  author text not null,
  created_at bigint not null
);

create index releases_of_service on sluice.releases (service, seq);

-- One row each time definitions changed: all of them, as parsed and as written.
create table sluice.definition_sets (
  version bigint primary key,
  definitions jsonb not null,
  files jsonb not null,
  hash text not null,
  applied_by text not null,
  applied_at bigint not null
);

-- The versions of each definition; a null hash retires it.
create table sluice.definitions (
  kind text not null,
  name text not null,
  version bigint not null references sluice.definition_sets,
  hash text,
  body jsonb,
  primary key (kind, name, version)
);

-- Processes that share the work. `number` is the key of the advisory lock that each holds while its
-- session lives; `pools` are the names under which it takes jobs.
create table sluice.replicas (
  id text primary key,
  number integer generated always as identity,
  pools text[] not null default '{}',
  started_at bigint not null,
  beat_at bigint not null
);
