-- each question a decision asks of events has one index that can answer it, led by the column only it asks for.
-- with indexes led by org_id a planner without statistics (a new database, a plan kept from when it was new) finds
-- them all alike, and may read every event of the organisation to find those of one subject.
drop index events_subject;
create index events_subject on events (subject_id, org_id, received_at desc)
    include (test, category, device_id, country, amount, currency, destination_id, sensitive, contact_changed);
alter table events drop constraint events_org_id_source_id_event_id_key;
alter table events add constraint events_event_id_source_id_org_id_key unique (event_id, source_id, org_id);
drop index events_delivery;
create unique index events_delivery on events (delivery_digest, delivery_ordinal, event_type, source_id, org_id)
    where delivery_digest is not null;

-- what is new is read from decisions, for the same reason
drop index events_recent;
create index decisions_recent on decisions (org_id, decided_at desc, session_id desc);

create or replace view screened as
select d.org_id, d.session_id, e.source_id, e.event_id, e.event_type, e.subject_id, e.test, d.decided_at as received_at,
    e.personal, d.outcome as decision, d.score, d.reasons, d.missing, d.policy_name, d.policy_version, d.policy_digest,
    case when s.status = 'pending' and s.expires_at <= clock_timestamp() then 'expired' else s.status end as status,
    case when s.status = 'pending' and s.expires_at <= clock_timestamp() then 'expired' else s.stage end as stage,
    s.intent, s.outcome, s.assurance, s.challenged, s.expires_at, s.resolved_at,
    t.used_at as token_used_at, t.expires_at as token_expires_at
from decisions d
join events e on e.session_id = d.session_id and e.org_id = d.org_id
join sessions s on s.session_id = d.session_id and s.org_id = d.org_id
left join decision_tokens t on t.session_id = d.session_id and t.org_id = d.org_id;
