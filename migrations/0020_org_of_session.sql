-- whose session an id names: the one look-up that every page and poll begins with, in one round trip. It sees what the
-- system sees, tells nothing but the organisation, and leaves whoever calls it in their own scope.
create function org_of_session(id text) returns text language plpgsql as $$
declare
    scope constant text := current_setting('ase.org_id', true);
    found_id text;
begin
    perform set_config('ase.org_id', '*', true);
    select org_id into found_id from sessions where session_id = id;
    perform set_config('ase.org_id', coalesce(scope, ''), true);
    return found_id;
end
$$;
