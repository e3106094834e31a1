-- the state machine once more: whoever is held and says that somebody guides them after all is led out
create or replace function sessions_transition() returns trigger language plpgsql as $$
begin
    if old.stage = new.stage and old.status = new.status and old.intent is not distinct from new.intent
        and old.outcome is not distinct from new.outcome then
        return new;
    end if;
    if old.stage = 'question' and new.stage in ('code', 'allowed', 'break_contact', 'held', 'expired', 'revoked')
        or old.stage = 'code' and new.stage in ('allowed', 'held', 'locked', 'expired', 'revoked')
            and new.intent = old.intent
        or old.stage in ('code', 'held') and new.stage = 'break_contact' and new.intent in ('guided', 'unsure')
        or old.stage in ('allowed', 'held') and new.stage = 'revoked' then
        return new;
    end if;
    raise exception 'session cannot go from % to %', old.stage, new.stage using errcode = 'AS001';
end
$$;
