-- what a decision reads of its subject's last 500 events stands in the index that finds them: without these three
-- columns each of the events was read from the table as well, from all over the disk once history is long.
drop index events_subject;
create index events_subject on events (subject_id, org_id, received_at desc)
    include (test, category, device_key, network_key, country, amount, currency, destination_id, sensitive,
        contact_changed, credential_changed, mark, latitude, longitude, proxied);

-- what became of a decision is asked for each when all are judged again. few were revoked, and few were reported: two
-- small indexes answer for most, instead of one read of `sessions` for each.
create index sessions_revoked on sessions (session_id, org_id) where stage = 'revoked';
create index scam_reports_session on scam_reports (session_id, org_id);
