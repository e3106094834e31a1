-- a person looks at what is held and says whether it goes ahead
alter table sessions
    add column reviewed_by text,
    add column reviewed_at timestamptz,
    add constraint sessions_review_check check ((reviewed_by is null) = (reviewed_at is null));
-- few sessions are held: a small index finds those that wait for somebody
create index sessions_held on sessions (session_id, org_id) where stage = 'held';

-- the state machine once more, with what was demanded: no code that is demanded and no hold is stepped over, and what
-- was held is let through by somebody's word alone
create or replace function sessions_transition() returns trigger language plpgsql as $$
declare
    same_intent constant boolean := new.intent is not distinct from old.intent;
    ruled constant boolean := new.reviewed_by is distinct from old.reviewed_by;
begin
    if old.hold and not new.hold or old.prior_break_contact and not new.prior_break_contact
        or old.otp_required is distinct from new.otp_required then
        raise exception 'a session keeps what was demanded of it' using errcode = 'AS001';
    end if;
    if ruled and not (old.stage = 'held' and new.stage in ('allowed', 'blocked')) then
        raise exception 'only what is held is ruled on' using errcode = 'AS001';
    end if;
    if old.stage = new.stage and old.status = new.status and same_intent
        and old.outcome is not distinct from new.outcome then
        return new;
    end if;
    if (case old.stage
        when 'question' then case new.stage
            when 'code' then new.intent = 'confirmed' and old.otp_required
            when 'allowed' then new.intent = 'confirmed' and not old.otp_required and not old.hold
            -- without an address a demanded code cannot be given
            when 'held' then new.intent = 'confirmed' and (old.otp_required or old.hold)
            when 'break_contact' then new.intent in ('guided', 'unsure')
            else new.stage = 'expired' and same_intent end
        when 'code' then case new.stage
            when 'allowed' then not old.hold and same_intent
            when 'held' then old.hold and same_intent
            when 'break_contact' then new.intent in ('guided', 'unsure')
            else new.stage in ('locked', 'expired') and same_intent end
        when 'held' then case new.stage
            when 'break_contact' then new.intent in ('guided', 'unsure')
            when 'revoked' then same_intent
            else new.stage in ('allowed', 'blocked') and ruled and same_intent end
        when 'allowed' then new.stage = 'revoked' and same_intent
        else false end) then
        return new;
    end if;
    raise exception 'session cannot go from % to %', old.stage, new.stage using errcode = 'AS001';
end
$$;

-- an erasure looks through the requests that became no event, too; until then it is known, sealed, whom to look for
alter table notices
    add column sought bytea,
    add column sweeps int not null default 0,
    add column sweep_after timestamptz not null default now(),
    add column swept_at timestamptz;
create index notices_unswept on notices (sweep_after)
    where event_type = 'privacy.erasure_requested' and swept_at is null;
-- what was erased is not kept again when it is sent again
alter table deliveries add column erased_at timestamptz;
