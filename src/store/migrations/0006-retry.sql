-- After a handler failed: the job once more, unless something has set an earlier or later one.
create function sluice.try_again(
  p_task text, p_payload json, p_key text, p_at bigint
) returns void language sql as $$
  select graphile_worker.add_job(
    p_task, p_payload, run_at => to_timestamp(p_at / 1000.0), max_attempts => 25,
    job_key => p_key, job_key_mode => 'preserve_run_at')
$$;

-- A replica and the names under which it takes jobs; its number is the key of its lock.
create function sluice.sign_in(p_id text, p_pools text[], p_now bigint) returns integer
language sql as $$
  insert into sluice.replicas as r (id, pools, started_at, beat_at)
  values (p_id, p_pools, p_now, p_now)
  on conflict (id) do update set pools = excluded.pools, beat_at = excluded.beat_at
  returning r.number
$$;
