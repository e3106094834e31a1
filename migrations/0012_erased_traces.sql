-- a request to be forgotten replaces the subject's id in traces, so that they name nobody and still count as one
grant update (subject_id) on traces to ase_app;
-- traces are written in the order of time, so a summary of their pages finds those of a subject's time: a hundredth of
-- an ordinary index to keep, for the one request in many that asks
create index traces_received on traces using brin (received_at);
