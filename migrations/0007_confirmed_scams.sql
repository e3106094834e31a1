-- decisions that turned out to be about a scam: a later dispute or fraud warning named the same order or payment.
-- what a person said in a challenge or reported stands with the session itself.
create table confirmed_scams (
    org_id text not null,
    session_id text not null,
    -- the event that told: `dispute` or `fraud_warning`
    told_by text not null,
    told_at timestamptz not null,
    primary key (session_id, org_id)
);
alter table confirmed_scams enable row level security;
alter table confirmed_scams force row level security;
create policy tenant on confirmed_scams using (
    org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*');
grant select, insert on confirmed_scams to ase_app;
