-- The audit chain is only ever added to. Whoever owns the database can get around this; the hashes
-- then tell.

create function sluice.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit chain is append-only' using errcode = 'SL403';
end
$$;

create trigger audit_is_append_only
  before update or delete on sluice.audit
  for each row execute function sluice.refuse_change();

create trigger audit_is_not_emptied
  before truncate on sluice.audit
  for each statement execute function sluice.refuse_change();
