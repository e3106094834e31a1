-- connectors that operators installed. they belong to the deployment and not to one organisation: whoever may write
-- here decides what reads everybody's deliveries. so only the system's own scope sees these tables.

-- every version, as it came; only its end can be written later
create table connector_versions (
    connector_id text not null check (connector_id ~ '^[a-z0-9-]{1,64}$'),
    digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
    version text not null,
    manifest jsonb not null,
    component bytea not null check (length(component) <= 33554432),
    -- the trusted key whose signature it carries
    signed_by text,
    installed_at timestamptz not null default clock_timestamp(),
    installed_by text not null,
    retired_at timestamptz,
    primary key (connector_id, digest)
);

-- which version reads what. no digest in `live` or `previous` means the connector that is part of the program.
create table connector_channels (
    connector_id text primary key,
    live_digest text,
    -- what was live before: where one step back leads
    previous_digest text,
    canary_digest text,
    canary_percent int check (canary_percent between 1 and 99),
    -- reads what live read as well, and is only compared with it
    shadow_digest text,
    updated_at timestamptz not null default clock_timestamp(),
    updated_by text not null,
    check ((canary_digest is null) = (canary_percent is null)),
    foreign key (connector_id, live_digest) references connector_versions (connector_id, digest),
    foreign key (connector_id, previous_digest) references connector_versions (connector_id, digest),
    foreign key (connector_id, canary_digest) references connector_versions (connector_id, digest),
    foreign key (connector_id, shadow_digest) references connector_versions (connector_id, digest)
);

-- who changed what, and how the channel stood afterwards; each organisation with a source of the connector has an entry
-- of it in its own audit log, too
create table connector_changes (
    change_id bigint generated always as identity primary key,
    connector_id text not null,
    action text not null,
    digest text,
    channel jsonb not null,
    changed_at timestamptz not null default clock_timestamp(),
    changed_by text not null
);
create index connector_changes_recent on connector_changes (connector_id, change_id desc);

-- a source that stays with one version, whatever is live
alter table sources add column connector_digest text;
create index sources_pinned on sources (connector, connector_digest) where connector_digest is not null;

-- how often a shadow read what live read; counted off the response path
create table connector_comparisons (
    org_id text not null,
    connector_id text not null,
    live_digest text not null,
    shadow_digest text not null,
    same bigint not null,
    different bigint not null,
    failed bigint not null,
    first_at timestamptz not null default clock_timestamp(),
    last_at timestamptz not null default clock_timestamp(),
    primary key (connector_id, shadow_digest, live_digest, org_id)
);

-- the first deliveries that were read otherwise: where they differ, never what stands there
create table connector_differences (
    org_id text not null,
    connector_id text not null,
    live_digest text not null,
    shadow_digest text not null,
    delivery_id text not null,
    failure text,
    pointers text[] not null,
    compared_at timestamptz not null default clock_timestamp(),
    primary key (connector_id, shadow_digest, delivery_id, org_id)
);

do $$
declare
    name text;
begin
    foreach name in array array['connector_versions', 'connector_channels', 'connector_changes']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy deployment on %I using (
            current_setting('ase.org_id', true) = '*')$policy$, name);
        execute format('grant select, insert on %I to ase_app', name);
    end loop;
    foreach name in array array['connector_comparisons', 'connector_differences']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy tenant on %I using (
            org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*')$policy$, name);
        execute format('grant select, insert, update on %I to ase_app', name);
    end loop;
end
$$;
grant update (retired_at) on connector_versions to ase_app;
grant update on connector_channels to ase_app;
create trigger connector_changes_append_only before update or delete on connector_changes
    for each row execute function audit_entries_append_only();

-- every node hears at commit which connector to look at
create function notify_connectors() returns trigger language plpgsql as $$
begin
    perform pg_notify('ase_connectors',
        case tg_table_name when 'sources' then to_jsonb(new) ->> 'connector' else to_jsonb(new) ->> 'connector_id' end);
    return null;
end
$$;
create trigger notify_connectors after insert or update on connector_channels
    for each row execute function notify_connectors();
create trigger notify_connectors after update of connector_digest on sources
    for each row execute function notify_connectors();
