-- Since when findings are known of a service: the first report of each, in any of its releases. It
-- stays as long as these do, and is as wide whatever a report calls its findings.
create table sluice.sightings (
  service text not null,
  -- SHA-256 over the finding's id and the package or file that has it.
  key text not null,
  release text not null,
  -- When that release was made, and when the report was received.
  made bigint not null,
  at bigint not null,
  primary key (service, key)
);

create function sluice.finding_key(p_finding jsonb) returns text language sql immutable as $$
  select encode(sha256(convert_to(
    (p_finding->>'id') || E'\n' || (p_finding->>'subject'), 'UTF8')), 'hex')
$$;

create function sluice.service_of(p_release text) returns text language sql immutable as $$
  select regexp_replace(p_release, '@[^@]*$', '')
$$;

-- A release that nobody made here is as old as its first report.
create function sluice.made_at(p_release text) returns bigint language sql stable as $$
  select coalesce(
    (select created_at from sluice.releases where id = p_release),
    (select min(at) from sluice.standing where release = p_release and kind = 'evidence'))
$$;

-- As add_standing, of a scanner's report of a release. Of one moment, the older release was first.
create function sluice.add_scan(
  p_id text, p_kind text, p_by text, p_at bigint, p_from bigint, p_until bigint, p_release text,
  p_service text, p_environment text, p_body jsonb, p_long_over bigint, p_control jsonb
) returns bigint language plpgsql as $$
declare
  number bigint;
  made_then bigint;
begin
  number := sluice.add_standing(p_id, p_kind, p_by, p_at, p_from, p_until, p_release, p_service,
    p_environment, p_body, p_long_over, p_control);
  if number is null then return null; end if;
  made_then := sluice.made_at(p_release);
  insert into sluice.sightings as known
  select distinct sluice.service_of(p_release), sluice.finding_key(f), p_release, made_then, p_at
  from jsonb_array_elements(p_body->'evidence'->'findings') f
  on conflict (service, key) do update
  set release = excluded.release, made = excluded.made, at = excluded.at
  where (excluded.at, excluded.made, excluded.release collate "C")
    < (known.at, known.made, known.release collate "C");
  return number;
end
$$;

-- What the reports say that are there.
insert into sluice.sightings
select distinct on (service, key) service, key, release, made, at
from (
  select sluice.service_of(s.release) as service, sluice.finding_key(f) as key, s.release,
    coalesce(r.created_at, s.at) as made, s.at
  from sluice.standing s left join sluice.releases r on r.id = s.release,
    jsonb_array_elements(s.body->'evidence'->'findings') f
  where s.kind = 'evidence' and s.release is not null
) seen
order by service, key, at, made, release collate "C";
