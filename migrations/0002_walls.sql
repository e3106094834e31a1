-- the second wall between tenants: row-level security, forced also for the owner. a transaction says on whose
-- behalf it works with `set_config('ase.org_id', ..., true)`; '*' is the system itself (workers, and the
-- look-up of a tenant by an unguessable id); unset sees nothing.
do $$
declare
    name text;
begin
    foreach name in array array['orgs', 'api_keys', 'token_keys', 'users', 'sign_ins', 'sources', 'source_secrets',
        'policies', 'events', 'decisions', 'sessions', 'otp_codes', 'decision_tokens', 'outbox', 'scam_reports',
        'deliveries', 'notices', 'audit_entries', 'demo_messages']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy tenant on %I using (
            org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*')$policy$, name);
        execute format('grant select, insert, update on %I to ase_app', name);
    end loop;
end
$$;

grant usage on schema public to ase_app;
grant select on screened to ase_app;
grant delete on sign_ins, demo_messages to ase_app;

-- the audit log can be added to and read, and nothing else, by the application and by accident
revoke update on audit_entries from ase_app;
create function audit_entries_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;
create trigger audit_entries_append_only before update or delete on audit_entries
    for each row execute function audit_entries_append_only();
create trigger audit_entries_no_truncate before truncate on audit_entries
    for each statement execute function audit_entries_append_only();

-- who keeps tenants, keys, sources or policies in memory hears of every change
create function notify_configuration() returns trigger language plpgsql as $$
begin
    perform pg_notify('ase_configuration', '');
    return null;
end
$$;
do $$
declare
    name text;
begin
    foreach name in array array['orgs', 'api_keys', 'token_keys', 'sources', 'source_secrets', 'policies']
    loop
        execute format('create trigger notify_configuration after insert or update or delete on %I
            for each statement execute function notify_configuration()', name);
    end loop;
end
$$;

-- a new message in the outbox wakes the worker at commit
create function notify_outbox() returns trigger language plpgsql as $$
begin
    perform pg_notify('ase_outbox', '');
    return null;
end
$$;
create trigger notify_outbox after insert on outbox for each row execute function notify_outbox();
