-- What was said of something other than one run: evidence of a release, a freeze, an absence.

create table sluice.standing (
  seq bigint generated always as identity primary key,
  -- Whoever said it chose it, so that the same said twice is there once.
  id text not null unique,
  kind text not null,
  said_by text not null,
  at bigint not null,
  -- In force from here until there; null: until somebody ends it.
  from_at bigint not null,
  until_at bigint,
  -- What it is about; each null means any.
  release text,
  service text,
  environment text,
  body jsonb not null,
  ended_by text,
  ended_at bigint,
  ended_why text,
  -- False once somebody ended it, or it has long been over: passes then no longer look at it.
  live boolean not null default true
);

create index standing_of_release on sluice.standing (release, seq) where release is not null;
create index standing_of_kind on sluice.standing (kind, seq);
-- Whatever is about no release concerns many runs, and each pass looks through all of it: this holds
-- what is in force, and no more.
create index standing_in_force on sluice.standing (seq) where live and release is null;
create index standing_running_out on sluice.standing (until_at) where live and until_at is not null;

-- Grows whenever what passes know of others' words may have changed: they read it, and all the rest
-- only where it has grown. Locked behind lanes and before control.
create table sluice.standing_version (
  one boolean primary key default true check (one),
  version bigint not null default 0
);

insert into sluice.standing_version default values;

create function sluice.standing_changed() returns trigger language plpgsql as $$
begin
  update sluice.standing_version set version = version + 1;
  return null;
end
$$;

-- Where a release is known good is asked by the gates of other lanes.
create trigger known_good_is_news
  after update of known_good on sluice.lanes
  for each row when (old.known_good is distinct from new.known_good)
  execute function sluice.standing_changed();

-- The unfinished runs that something said about a release, a service or an environment concerns. A
-- decision about them that was made on a look without it becomes a conflict. The oldest thousand, so
-- that this ends in time; the others look again by themselves within a minute. Locks in the order of
-- passes: runs, lanes, the version, and then, in whoever calls this, control and jobs.
create function sluice.concern(
  p_release text, p_service text, p_environment text
) returns text[] language plpgsql as $$
declare
  concerned text[];
begin
  concerned := array(
    select id from sluice.runs
    where state_kind <> 'ended'
      and (p_release is null or release = p_release)
      and (p_service is null or service = p_service)
      and (p_environment is null or environment = p_environment)
    order by seq limit 1000
    for no key update);
  perform from sluice.lanes l
  where exists (
    select from sluice.runs r
    where r.id = any (concerned) and r.service = l.service and r.environment = l.environment)
  order by service, environment
  for no key update;
  update sluice.lanes l set revision = revision + 1
  where exists (
    select from sluice.runs r
    where r.id = any (concerned) and r.service = l.service and r.environment = l.environment);
  update sluice.standing_version set version = version + 1;
  return concerned;
end
$$;

create function sluice.rouse_all(p_runs text[], p_at bigint) returns void language plpgsql as $$
declare
  run text;
begin
  foreach run in array p_runs loop
    update sluice.runs set wake_at = p_at where id = run;
    perform sluice.wake(run, p_at);
  end loop;
  if cardinality(p_runs) > 0 then perform sluice.announce(cardinality(p_runs)); end if;
end
$$;

-- Returns its number; null: this id is there already, and nothing changed.
create function sluice.add_standing(
  p_id text, p_kind text, p_by text, p_at bigint, p_from bigint, p_until bigint, p_release text,
  p_service text, p_environment text, p_body jsonb, p_long_over bigint, p_control jsonb
) returns bigint language plpgsql as $$
declare
  number bigint;
  concerned text[];
begin
  if exists (select from sluice.standing where id = p_id) then return null; end if;
  concerned := sluice.concern(p_release, p_service, p_environment);
  perform sluice.append_control(p_control);
  insert into sluice.standing (id, kind, said_by, at, from_at, until_at, release, service,
    environment, body)
  values (p_id, p_kind, p_by, p_at, p_from, p_until, p_release, p_service, p_environment, p_body)
  returning seq into number;
  -- Whoever adds something puts away what has run out, so that it never piles up.
  update sluice.standing set live = false
  where seq in (
    select seq from sluice.standing
    where live and until_at < p_long_over
    order by until_at limit 1000
    for update skip locked);
  perform sluice.rouse_all(concerned, p_at);
  return number;
end
$$;

-- SL409: somebody ended it meanwhile.
create function sluice.end_standing(
  p_seq bigint, p_by text, p_at bigint, p_why text, p_control jsonb
) returns void language plpgsql as $$
declare
  about record;
  concerned text[];
begin
  select release, service, environment into about from sluice.standing where seq = p_seq;
  concerned := sluice.concern(about.release, about.service, about.environment);
  perform sluice.append_control(p_control);
  update sluice.standing set ended_by = p_by, ended_at = p_at, ended_why = p_why, live = false
  where seq = p_seq and ended_at is null;
  if not found then
    raise exception 'it was ended meanwhile' using errcode = 'SL409';
  end if;
  perform sluice.rouse_all(concerned, p_at);
end
$$;
