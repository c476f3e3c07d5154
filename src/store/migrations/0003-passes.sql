-- What a pass and those who wake it write, one function and so one round trip each. Rows are locked
-- in the order run, lane, control, job, so none waits for another in a circle.
--
-- Transactions that notify are committed one after the other in the whole server, so passes, of
-- which there are many, notify nobody: workers look for what is due often enough by themselves, and
-- who follows runs is told afterwards (feed.ts). What shall be done at once is announced.

-- The tasks are there before the first worker says that it knows them.
insert into graphile_worker._private_tasks (identifier) values ('wake'), ('effect')
on conflict do nothing;

-- The run's next wake-up, in place of the one it has. This is add_job of graphile-worker 0.18 with
-- job_key_mode 'replace', without its notification and at a third of its cost; the one place that
-- writes the library's table. A job that is being carried out did not see what we write: it loses
-- its key, and a new one is added. One that a worker takes at this very moment is neither replaced
-- nor in the way of a new one: then we try again.
create function sluice.wake(p_run text, p_at bigint) returns void language plpgsql as $$
begin
  for attempt in 1..100 loop
    update graphile_worker._private_jobs
    set run_at = to_timestamp(p_at / 1000.0), attempts = 0, last_error = null,
      payload = json_build_object('run', p_run), revision = revision + 1, updated_at = now()
    where key = p_run and locked_at is null;
    if found then return; end if;

    update graphile_worker._private_jobs
    set key = null, attempts = max_attempts, updated_at = now()
    where key = p_run and locked_at is not null;

    insert into graphile_worker._private_jobs (task_id, payload, run_at, max_attempts, key)
    select id, json_build_object('run', p_run), to_timestamp(p_at / 1000.0), 25, p_run
    from graphile_worker._private_tasks where identifier = 'wake'
    on conflict (key) do nothing;
    if found then return; end if;
  end loop;
  raise exception 'no wake-up could be set for run %', p_run;
end
$$;

-- As the library does it: workers look for jobs at once.
create function sluice.announce(p_jobs bigint) returns void language sql as $$
  select pg_notify('jobs:insert', json_build_object('r', random(), 'count', p_jobs)::text)
$$;

create function sluice.wake_now(p_run text, p_at bigint) returns void language plpgsql as $$
begin
  perform sluice.wake(p_run, p_at);
  perform sluice.announce(1);
end
$$;

create function sluice.append_audit(p_records jsonb) returns void language plpgsql as $$
begin
  insert into sluice.audit
    (chain, seq, at, said_by, action, subject, why, plan_hash, data, previous, hash)
  select r->>'chain', (r->>'seq')::bigint, (r->>'at')::bigint, r->>'by', r->>'action',
         r->>'subject', r->>'why', r->>'planHash', r->'data', r->>'previous', r->>'hash'
  from jsonb_array_elements(p_records) as r;
end
$$;

-- Moves the head of the control chain over these records; somebody else having done so is SL410.
create function sluice.append_control(p_records jsonb) returns void language plpgsql as $$
begin
  update sluice.control
  set audit_seq = (p_records->-1->>'seq')::bigint, audit_hash = p_records->-1->>'hash'
  where audit_seq = (p_records->0->>'seq')::bigint - 1;
  if not found then
    raise exception 'the control chain has moved' using errcode = 'SL410';
  end if;
  perform sluice.append_audit(p_records);
end
$$;

-- A decision. SL409: run, lane or the head of the lane's chain are no longer as they were loaded.
create function sluice.commit_run(
  p_run text, p_revision bigint, p_service text, p_environment text, p_lane_revision bigint,
  p_at bigint, p_generation bigint, p_state_kind text, p_outcome text, p_state jsonb,
  p_plan jsonb, p_wake_at bigint, p_last_fact bigint, p_effects_done integer, p_lane jsonb,
  p_events jsonb, p_audit jsonb, p_effects jsonb, p_anchor jsonb
) returns void language plpgsql as $$
declare
  item record;
  next_wake bigint;
begin
  if p_plan is not null then
    insert into sluice.plans (hash, body) values (p_plan->>'hash', p_plan) on conflict do nothing;
  end if;
  update sluice.runs set
    revision = revision + 1, generation = p_generation, state_kind = p_state_kind,
    outcome = p_outcome, state = p_state,
    wake_at = case
      when p_wake_at is null then null
      -- Somebody spoke or finished since the pass looked: it looks again at once.
      when last_fact > p_last_fact or effects_done > p_effects_done then least(p_at, p_wake_at)
      else p_wake_at
    end,
    plan_hash = coalesce(p_plan->>'hash', plan_hash),
    ended_at = case when p_state_kind = 'ended' then coalesce(ended_at, p_at) end
  where id = p_run and revision = p_revision
  returning wake_at into next_wake;
  if not found then
    raise exception 'the run has moved' using errcode = 'SL409';
  end if;

  if p_lane is null and p_audit is null then
    -- Held until the end: who frees the lane meanwhile must not wake this run before we have set
    -- its next wake-up, which would then be the later one.
    perform from sluice.lanes
    where service = p_service and environment = p_environment and revision = p_lane_revision
    for share;
  else
    update sluice.lanes set
      revision = coalesce((p_lane->>'revision')::bigint, revision),
      generation = coalesce((p_lane->>'generation')::bigint, generation),
      active_run = case when p_lane is null then active_run else p_lane->>'activeRun' end,
      stable = case when p_lane is null then stable else nullif(p_lane->'stable', 'null') end,
      known_good = coalesce(p_lane->'knownGood', known_good),
      audit_seq = coalesce((p_audit->-1->>'seq')::bigint, audit_seq),
      audit_hash = coalesce(p_audit->-1->>'hash', audit_hash)
    where service = p_service and environment = p_environment and revision = p_lane_revision
      and (p_audit is null or audit_seq = (p_audit->0->>'seq')::bigint - 1);
  end if;
  if not found then
    raise exception 'the lane has moved' using errcode = 'SL409';
  end if;

  if p_anchor is not null then perform sluice.append_control(p_anchor); end if;
  if p_audit is not null then perform sluice.append_audit(p_audit); end if;
  if p_events is not null then
    insert into sluice.events (run, at, type, step, reasons)
    select p_run, p_at, e->>'type', e->>'step', e->'reasons'
    from jsonb_array_elements(p_events) as e;
  end if;
  if p_effects is not null then
    for item in select e from jsonb_array_elements(p_effects) as e loop
      insert into sluice.effects (id, run, generation, ordinal, body)
      values (item.e->>'id', p_run, p_generation, (item.e->>'ordinal')::integer, item.e->'body');
      perform sluice.hand_out(item.e->>'id', p_at);
    end loop;
  end if;

  if next_wake is not null then
    perform sluice.wake(p_run, next_wake);
    if next_wake <= p_at then perform sluice.announce(1); end if;
  end if;
  if (p_lane->>'freed')::boolean then
    for item in
      select id from sluice.runs
      where service = p_service and environment = p_environment and state_kind = 'queued'
      order by seq
    loop
      perform sluice.wake_now(item.id, p_at);
    end loop;
  end if;
end
$$;

-- The job that carries out a once effect.
create function sluice.hand_out(p_effect text, p_at bigint) returns void language sql as $$
  select graphile_worker.add_job(
    'effect', json_build_object('effect', p_effect), run_at => to_timestamp(p_at / 1000.0),
    max_attempts => 25, job_key => p_effect)
$$;

-- Something happened to a run from outside its passes: an unfinished one is woken now.
create function sluice.rouse(p_run text, p_at bigint) returns void language plpgsql as $$
begin
  update sluice.runs set wake_at = p_at where id = p_run and state_kind <> 'ended';
  if found then perform sluice.wake_now(p_run, p_at); end if;
end
$$;

-- After a pass that could not commit: whoever was first need not have woken this run.
create function sluice.wake_again(p_run text, p_at bigint) returns void language sql as $$
  select sluice.wake_now(id, p_at) from sluice.runs where id = p_run and state_kind <> 'ended'
$$;

-- A new run, its lane where that is new, and the first wake-up. The lane's active run is woken too:
-- it may have to make way. Returns the run's number, or null where the id is taken.
create function sluice.create_run(
  p_id text, p_service text, p_environment text, p_plan jsonb, p_urgent boolean, p_origin jsonb,
  p_state jsonb, p_at bigint, p_audit jsonb
) returns bigint language plpgsql as $$
declare
  number bigint;
  active text;
begin
  if exists (select from sluice.runs where id = p_id) then return null; end if;
  update sluice.lanes set
    revision = revision + 1,
    audit_seq = (p_audit->-1->>'seq')::bigint, audit_hash = p_audit->-1->>'hash'
  where service = p_service and environment = p_environment
    and audit_seq = (p_audit->0->>'seq')::bigint - 1
  returning active_run into active;
  if not found then
    raise exception 'the lane has moved' using errcode = 'SL409';
  end if;
  insert into sluice.plans (hash, body) values (p_plan->>'hash', p_plan) on conflict do nothing;
  insert into sluice.runs (id, service, environment, plan_hash, release, urgent, origin, created_at,
    revision, generation, state_kind, state, wake_at)
  values (p_id, p_service, p_environment, p_plan->>'hash', p_plan->'release'->>'id', p_urgent,
    p_origin, p_at, 1, 0, 'queued', p_state, p_at)
  returning seq into number;
  perform sluice.append_audit(p_audit);
  perform sluice.wake_now(p_id, p_at);
  if active is not null then perform sluice.wake_now(active, p_at); end if;
  return number;
end
$$;

-- A fact about a run. Returns its number; null: no such run. SL409: the lane's chain has moved.
create function sluice.say(
  p_run text, p_by text, p_at bigint, p_body jsonb, p_audit jsonb
) returns bigint language plpgsql as $$
declare
  number bigint;
  lane record;
begin
  select service, environment into lane from sluice.runs where id = p_run for no key update;
  if not found then return null; end if;
  update sluice.lanes set
    audit_seq = (p_audit->-1->>'seq')::bigint, audit_hash = p_audit->-1->>'hash'
  where service = lane.service and environment = lane.environment
    and audit_seq = (p_audit->0->>'seq')::bigint - 1;
  if not found then
    raise exception 'the chain has moved' using errcode = 'SL409';
  end if;
  insert into sluice.facts (run, said_by, at, body) values (p_run, p_by, p_at, p_body)
  returning seq into number;
  update sluice.runs set last_fact = number where id = p_run;
  perform sluice.append_audit(p_audit);
  perform sluice.rouse(p_run, p_at);
  return number;
end
$$;

-- What came of a once effect that somebody carries out; only the first outcome counts.
create function sluice.finish_effect(p_id text, p_outcome jsonb, p_at bigint)
returns void language plpgsql as $$
declare
  of_run text;
begin
  update sluice.effects set state = 'done', outcome = p_outcome
  where id = p_id and state = 'started'
  returning run into of_run;
  if not found then return; end if;
  update sluice.runs set effects_done = effects_done + 1 where id = of_run;
  perform sluice.rouse(of_run, p_at);
end
$$;

-- A claim without a sign of life since p_before. What may be repeated is handed out anew; of what
-- may not, nobody knows what came of it. False: it was not silent after all.
create function sluice.expire_effect(
  p_id text, p_before bigint, p_at bigint, p_repeatable boolean, p_unknown jsonb
) returns boolean language plpgsql as $$
declare
  of_run text;
begin
  update sluice.effects set
    state = case when p_repeatable then 'pending' else 'done' end,
    outcome = case when p_repeatable then null else p_unknown end,
    claimed_by = null, beat_at = null
  where id = p_id and state = 'started' and beat_at < p_before
  returning run into of_run;
  if not found then return false; end if;
  if p_repeatable then
    perform sluice.hand_out(p_id, p_at);
  else
    update sluice.runs set effects_done = effects_done + 1 where id = of_run;
  end if;
  perform sluice.rouse(of_run, p_at);
  return true;
end
$$;
