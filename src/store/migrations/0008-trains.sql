-- Trains: which releases one brings, and which runs it began.

alter table sluice.releases add column members jsonb;

-- Of a train's release. False: a release of this id is there; nothing changes then.
create function sluice.add_train_release(
  p_id text, p_service text, p_version text, p_artifact text, p_author text, p_at bigint,
  p_members jsonb, p_control jsonb
) returns boolean language plpgsql as $$
begin
  if not sluice.add_release(
    p_id, p_service, p_version, p_artifact, 0, 0, p_author, p_at, p_control) then
    return false;
  end if;
  update sluice.releases set members = p_members where id = p_id;
  return true;
end
$$;

create index runs_of_train on sluice.runs ((origin->>'train'), seq)
  where origin->>'train' is not null;
