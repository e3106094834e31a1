-- what risk looks at beyond the subject's own events: keyed hashes of devices, networks and cards, where they were
-- seen, the last known state of accounts, the organisation's lists, and what is usual in it.

-- ids of devices are kept as keyed hashes from here on; devices seen before start anew
alter table events drop column device_id;
alter table events
    add column device_key bytea,
    add column network_key bytea,
    add column card_key bytea,
    -- degrees, rounded to a tenth: a place of about ten kilometres
    add column latitude real,
    add column longitude real,
    add column credential_changed boolean not null default false,
    -- what an event tells besides its category: see engine/src/mark.rs
    add column mark text check (mark in ('login', 'login_failed', 'payment_failed', 'dispute', 'fraud_warning'));

-- the flags of a proxy, for the next event's way from here
alter table events add column proxied boolean not null default false;

drop index if exists events_subject;
create index events_subject on events (subject_id, org_id, received_at desc)
    include (test, category, device_key, network_key, country, amount, currency, destination_id, sensitive,
        contact_changed, credential_changed, mark);

-- where a device, an address, a destination, a card, an order or a payment was seen. key is a keyed hash of the kind
-- and the id (test events have keys of their own), so nothing can be read from it. insert only: no event waits for
-- another's row.
create table traces (
    org_id text not null,
    key bytea not null check (length(key) = 16),
    received_at timestamptz not null,
    subject_id text not null,
    session_id text not null,
    mark text
);
create index traces_key on traces (key, org_id, received_at desc) include (subject_id, mark, session_id);
-- disputes and warnings are rare and weigh for months: they are found however much else was seen
create index traces_bad on traces (key, org_id, received_at desc) include (mark)
    where mark in ('dispute', 'fraud_warning');

-- the last known state of an account, so that a change is noticed where nobody tells it. each part has the time of
-- the event it came from; an older event changes nothing.
create table account_states (
    org_id text not null,
    subject_id text not null,
    email_key bytea,
    email_at timestamptz,
    phone_key bytea,
    phone_at timestamptz,
    address_key bytea,
    address_at timestamptz,
    destination_key bytea,
    destination_at timestamptz,
    state text,
    state_at timestamptz,
    primary key (subject_id, org_id)
) with (fillfactor = 70);

-- deny, watch, allow, and the kinds of anonymous network; an entry is ended, never deleted
create table list_entries (
    org_id text not null references orgs,
    entry_id text not null,
    list text not null check (list in ('deny', 'watch', 'allow', 'tor', 'hosting', 'relay')),
    kind text not null check (kind in ('subject', 'device', 'ip', 'email_domain', 'destination')),
    -- as an analyst wrote it; an address or a range of addresses stands in `network` too
    value text not null check (length(value) between 1 and 255),
    -- keyed hash of the kind and the value, for everything but addresses
    key bytea check (length(key) = 16),
    network cidr,
    reason text not null check (length(reason) between 1 and 500),
    author text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    ended_at timestamptz,
    ended_by text,
    primary key (entry_id, org_id),
    check ((kind = 'ip') = (network is not null)),
    check ((kind = 'ip') = (key is null)),
    check (list not in ('tor', 'hosting', 'relay') or kind = 'ip')
);
create unique index list_entries_key on list_entries (key, org_id, list) where ended_at is null and key is not null;
create unique index list_entries_network on list_entries (org_id, network, list)
    where ended_at is null and network is not null;
create index list_entries_ranges on list_entries using gist (network inet_ops)
    where ended_at is null and network is not null;
create index list_entries_recent on list_entries (org_id, created_at desc, entry_id);

-- what is usual over all subjects of an organisation, worked out anew now and then
create table amount_baselines (
    org_id text not null,
    category text not null,
    currency text not null,
    amounts bigint not null,
    amount_p95 numeric not null,
    refreshed_at timestamptz not null,
    primary key (org_id, category, currency)
);

-- the snapshot is read back as it was written, so it is kept as text; what would have happened under observation
alter table decisions
    alter column features type json using features::text::json,
    add column observed text check (observed in ('allow', 'delay_verify', 'block_escalate')),
    add column failed_rules jsonb not null default '[]',
    add column hold_until timestamptz;

do $$
declare
    name text;
begin
    foreach name in array array['traces', 'account_states', 'list_entries', 'amount_baselines']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy tenant on %I using (
            org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*')$policy$, name);
    end loop;
end
$$;
grant select, insert on traces to ase_app;
grant select, insert, update on account_states, list_entries, amount_baselines to ase_app;
-- a person's request to be forgotten ends the state of their account
grant delete on account_states to ase_app;
