-- What time undoes by itself, done every few seconds by every replica; twice is as good as once.

create index effects_pending on sluice.effects (id) where state = 'pending';

-- p_class and a replica's number are the key of the advisory lock that its session holds: it goes
-- with the process, however that ends. A session without signs of life is a process that hangs.
create function sluice.upkeep(
  p_now bigint, p_class integer, p_grace_ms bigint, p_hanging_ms bigint, p_late_ms bigint
) returns table (unlocked bigint, woken bigint, handed_out bigint) language plpgsql as $$
declare
  dead_pools text[];
  item record;
begin
  delete from sluice.replicas r
  where beat_at < p_now - p_hanging_ms or (
    beat_at < p_now - p_grace_ms and not exists (
      select from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory' and l.granted
        and l.classid = p_class::bigint::oid and l.objid = r.number::bigint::oid
        and l.objsubid = 2));

  dead_pools := array(
    select distinct j.locked_by from graphile_worker.jobs j
    where j.locked_at < to_timestamp((p_now - p_grace_ms) / 1000.0)
      and not exists (select from sluice.replicas r where j.locked_by = any (r.pools)));
  unlocked := cardinality(dead_pools);
  if unlocked > 0 then perform graphile_worker.force_unlock_workers(dead_pools); end if;

  -- Jobs whose place a newer one took while they were carried out by somebody who died.
  perform graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs where locked_at is null and attempts >= max_attempts));

  woken := 0;
  for item in
    select r.id from sluice.runs r
    -- No pass asks for more than a minute: a wake-up further off was set by a clock put back since.
    where r.state_kind <> 'ended' and r.wake_at > p_now + 120000
      or r.state_kind <> 'ended' and r.wake_at < p_now - p_late_ms and not exists (
      select from graphile_worker.jobs j
      where j.key = r.id
        and (j.locked_at is not null or j.run_at < to_timestamp((p_now + p_late_ms) / 1000.0)))
  loop
    perform sluice.wake_now(item.id, p_now);
    woken := woken + 1;
  end loop;

  handed_out := 0;
  for item in
    select e.id from sluice.effects e
    where e.state = 'pending'
      and not exists (select from graphile_worker.jobs j where j.key = e.id)
  loop
    perform sluice.hand_out(item.id, p_now);
    handed_out := handed_out + 1;
  end loop;
  return next;
end
$$;
