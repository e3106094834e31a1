-- the life of a policy version: draft, checked, shadow, live, retired. the document never changes; the status does.
alter table policies
    add column status text not null default 'retired'
        check (status in ('draft', 'checked', 'shadow', 'live', 'retired')),
    -- who let it decide; where the organisation asks for two people, never its author
    add column publisher text,
    add column live_from timestamptz,
    add column live_until timestamptz,
    -- taken back by the breaker: when, and what was seen
    add column demoted_at timestamptz,
    add column demotion jsonb;
update policies set status = 'live', live_from = created_at where live;
drop index policies_live;
alter table policies drop column live;
create unique index policies_live on policies (org_id) where status = 'live';

-- a policy is published by somebody else than its author
alter table orgs add column two_person_policies boolean not null default false;

-- what candidates would have decided; written off the response path, kept for a while. no foreign key: a decision is
-- never held up by what is beside it.
create table shadow_decisions (
    org_id text not null,
    session_id text not null,
    policy_digest text not null,
    outcome text not null check (outcome in ('allow', 'delay_verify', 'block_escalate')),
    score int not null,
    reasons jsonb not null,
    decided_at timestamptz not null,
    primary key (session_id, policy_digest, org_id)
);
create index shadow_decisions_recent on shadow_decisions (org_id, policy_digest, decided_at desc);
create index shadow_decisions_old on shadow_decisions (decided_at);

-- how each policy version decides, minute by minute; written in batches off the response path
create table decision_counts (
    org_id text not null,
    policy_digest text not null,
    event_type text not null,
    minute timestamptz not null,
    decisions bigint not null,
    delayed bigint not null,
    blocked bigint not null,
    primary key (org_id, policy_digest, event_type, minute)
);
create index decision_counts_old on decision_counts (minute);

do $$
declare
    name text;
begin
    foreach name in array array['shadow_decisions', 'decision_counts']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy tenant on %I using (
            org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*')$policy$, name);
        execute format('grant select, insert, update, delete on %I to ase_app', name);
    end loop;
end
$$;

create or replace view screened as
select d.org_id, d.session_id, e.source_id, e.event_id, e.event_type, e.subject_id, e.test, d.decided_at as received_at,
    e.personal, d.outcome as decision, d.score, d.reasons, d.missing, d.policy_name, d.policy_version, d.policy_digest,
    case when s.status = 'pending' and s.expires_at <= statement_timestamp() then 'expired' else s.status end as status,
    case when s.status = 'pending' and s.expires_at <= statement_timestamp() then 'expired' else s.stage end as stage,
    s.intent, s.outcome, s.assurance, s.challenged, s.expires_at, s.resolved_at,
    t.used_at as token_used_at, t.expires_at as token_expires_at, d.observed, d.hold_until
from decisions d
join events e on e.session_id = d.session_id and e.org_id = d.org_id
join sessions s on s.session_id = d.session_id and s.org_id = d.org_id
left join decision_tokens t on t.session_id = d.session_id and t.org_id = d.org_id;
