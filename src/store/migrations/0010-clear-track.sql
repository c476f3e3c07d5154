-- A train begins where no other is under way with a member of its own, asked in the transaction that
-- begins it: two that are asked for at the same moment do not miss each other.

-- As create_run. In the environment no train of p_trains may be under way with one of p_members:
-- then nothing changes, and `in_the_way` is its run. `number` null: the id is taken.
create function sluice.create_run_alone(
  p_id text, p_service text, p_environment text, p_plan jsonb, p_urgent boolean, p_origin jsonb,
  p_state jsonb, p_at bigint, p_audit jsonb, p_trains text[], p_members text[]
) returns table (number bigint, in_the_way text) language plpgsql as $$
begin
  -- Until the end of the transaction: whoever comes next sees the run, or that there is none.
  perform pg_advisory_xact_lock(hashtext('sluice.create_run_alone'), hashtext(p_environment));
  if exists (select from sluice.runs where id = p_id) then
    return next;
    return;
  end if;
  select r.id into in_the_way from sluice.runs r join sluice.plans p on p.hash = r.plan_hash
  where r.environment = p_environment and r.service = any(p_trains) and r.outcome is null
    and exists (
      select from jsonb_array_elements(p.body->'steps') step,
        jsonb_array_elements(step->'members') member
      where step->>'kind' = 'train' and member->>'service' = any(p_members))
  order by r.seq limit 1;
  if in_the_way is null then
    number := sluice.create_run(
      p_id, p_service, p_environment, p_plan, p_urgent, p_origin, p_state, p_at, p_audit);
  end if;
  return next;
end
$$;
