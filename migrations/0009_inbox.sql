-- the inbox: every verified delivery is kept as it came, sealed, for as many days as the organisation says. the row
-- stays for 35 days at least, so that a delivery that comes again is known. the migration itself sees every row.
select set_config('ase.org_id', '*', true);

alter table orgs add column delivery_days int not null default 35 check (delivery_days between 0 and 400);

delete from deliveries older using deliveries newer
where older.org_id = newer.org_id and older.source_id = newer.source_id and older.body_digest = newer.body_digest
    and (older.received_at, older.delivery_id) < (newer.received_at, newer.delivery_id);
drop index deliveries_body;
create unique index deliveries_body on deliveries (body_digest, source_id, org_id);
alter table deliveries drop constraint deliveries_status_check;
alter table deliveries
    -- done: its events are screened or recorded. answered: it was a handshake
    add constraint deliveries_status_check
        check (status in ('done', 'ignored', 'answered', 'refused', 'deferred', 'failed')),
    -- the platform's own id of it, where the connector's manifest names the header that holds it
    add column provider_id text check (length(provider_id) <= 255),
    -- what read it last
    add column connector_digest text,
    -- which of the source's secrets matched
    add column secret_id text,
    -- how often the same body came, and when it came last
    add column times_seen int not null default 1,
    add column seen_at timestamptz not null default now(),
    -- the platform gave the same id to another body
    add column conflict boolean not null default false,
    add column alarmed_at timestamptz;
create index deliveries_recent on deliveries (org_id, received_at desc, delivery_id);
create index deliveries_source on deliveries (source_id, org_id, received_at desc, delivery_id);
create index deliveries_provider on deliveries (provider_id, source_id, org_id) where provider_id is not null;
create index deliveries_conflicts on deliveries (received_at) where conflict and alarmed_at is null;
grant delete on deliveries to ase_app;

-- a source that was never quiet for so long is worth a look; `silent_since` is set once it is
alter table sources
    add column silence_minutes int check (silence_minutes between 1 and 43200),
    add column silent_since timestamptz;
