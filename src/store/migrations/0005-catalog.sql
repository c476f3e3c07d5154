-- Releases and definitions, each change in one transaction with its record in the control chain.

-- False: a release of this id is there; nothing changes then.
create function sluice.add_release(
  p_id text, p_service text, p_version text, p_artifact text, p_bytes bigint, p_files bigint,
  p_author text, p_at bigint, p_control jsonb
) returns boolean language plpgsql as $$
begin
  insert into sluice.releases (id, service, version, artifact, bytes, files, author, created_at)
  values (p_id, p_service, p_version, p_artifact, p_bytes, p_files, p_author, p_at)
  on conflict (id) do nothing;
  if not found then return false; end if;
  perform sluice.append_control(p_control);
  return true;
end
$$;

-- p_changes: kind, name, hash and body of each definition that is new, different or (hash null)
-- retired. SL409: somebody else applied since p_version was the next version.
create function sluice.apply_definitions(
  p_version bigint, p_definitions jsonb, p_files jsonb, p_hash text, p_changes jsonb, p_by text,
  p_at bigint, p_control jsonb
) returns void language plpgsql as $$
begin
  -- Also keeps two that apply at once apart, since each needs the head of the chain.
  perform sluice.append_control(p_control);
  if p_version <> (select coalesce(max(version), 0) + 1 from sluice.definition_sets) then
    raise exception 'definitions were applied meanwhile' using errcode = 'SL409';
  end if;
  insert into sluice.definition_sets (version, definitions, files, hash, applied_by, applied_at)
  values (p_version, p_definitions, p_files, p_hash, p_by, p_at);
  insert into sluice.definitions (kind, name, version, hash, body)
  select c->>'kind', c->>'name', p_version, c->>'hash', c->'body'
  from jsonb_array_elements(p_changes) as c;
end
$$;
