-- what an analyst says of a session: it was a scam, or it was good. it counts before whatever else is known of the
-- session; who said what before stands in the audit log.
create table session_labels (
    org_id text not null,
    session_id text not null,
    label text not null check (label in ('scam', 'good')),
    -- why, for other analysts; sealed
    note bytea,
    -- a user of the dashboard or an api key
    labelled_by text not null,
    labelled_at timestamptz not null,
    primary key (session_id, org_id),
    foreign key (session_id, org_id) references sessions (session_id, org_id)
);
alter table session_labels enable row level security;
alter table session_labels force row level security;
create policy tenant on session_labels using (
    org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*');
-- a label may be taken back
grant select, insert, update, delete on session_labels to ase_app;
