-- as before, but with the time of the statement instead of the clock's: a view with a volatile function is worked out
-- as a whole before a page is cut from it, however many events there are.
create or replace view screened as
select d.org_id, d.session_id, e.source_id, e.event_id, e.event_type, e.subject_id, e.test, d.decided_at as received_at,
    e.personal, d.outcome as decision, d.score, d.reasons, d.missing, d.policy_name, d.policy_version, d.policy_digest,
    case when s.status = 'pending' and s.expires_at <= statement_timestamp() then 'expired' else s.status end as status,
    case when s.status = 'pending' and s.expires_at <= statement_timestamp() then 'expired' else s.stage end as stage,
    s.intent, s.outcome, s.assurance, s.challenged, s.expires_at, s.resolved_at,
    t.used_at as token_used_at, t.expires_at as token_expires_at
from decisions d
join events e on e.session_id = d.session_id and e.org_id = d.org_id
join sessions s on s.session_id = d.session_id and s.org_id = d.org_id
left join decision_tokens t on t.session_id = d.session_id and t.org_id = d.org_id;
