-- text messages beside mails, every limit on codes in one table, and what a person stops after all.

alter table orgs
    -- the ways a code may go, the first that works first
    add column channels text[] not null default '{email}'
        check (channels in ('{email}', '{sms}', '{email,sms}', '{sms,email}')),
    -- beginnings of telephone numbers that text messages may go to; none, so that nobody pays for strangers' numbers
    add column sms_prefixes text[] not null default '{}',
    -- codes within an hour, all of them and those by text message below one beginning
    add column codes_hourly int not null default 1000 check (codes_hourly between 1 and 20000),
    add column sms_hourly int not null default 100 check (sms_hourly between 1 and 20000);

-- which message carries a code: should it be lost, the code goes another way
alter table otp_codes add column message_id text;

alter table outbox drop constraint outbox_kind_check;
alter table outbox
    -- stopped: the person hears at their own address that something was stopped
    add constraint outbox_kind_check check (kind in ('code', 'challenge', 'demotion', 'stopped')),
    -- what the provider calls the message
    add column provider_id text,
    -- what became of it after the provider took it
    add column fate text check (fate in ('delivered', 'undelivered'));

-- the person broke off contact in another session a short while ago: nothing but a hold can come of this one
alter table sessions add column prior_break_contact boolean not null default false;

-- limits: when something happened lately, for each thing that is counted. keys are keyed digests, never addresses.
-- rows of the organisation '*' count over all organisations.
create table rate_limits (
    org_id text not null,
    scope text not null,
    key bytea not null check (length(key) = 32),
    -- how often within an hour and within a day; no daily limit means that no day is remembered
    hourly int not null check (hourly > 0),
    daily int check (daily > 0),
    hits timestamptz[] not null,
    last_at timestamptz not null,
    primary key (key, scope, org_id)
);
create index rate_limits_last on rate_limits (last_at);
alter table rate_limits enable row level security;
alter table rate_limits force row level security;
create policy tenant on rate_limits using (
    org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*'
    or (org_id = '*' and current_setting('ase.org_id', true) <> ''));
grant select, insert, update, delete on rate_limits to ase_app;

-- the state machine once more: a hold can be stopped by the person, too
create or replace function sessions_transition() returns trigger language plpgsql as $$
begin
    if old.stage = new.stage and old.status = new.status and old.intent is not distinct from new.intent
        and old.outcome is not distinct from new.outcome then
        return new;
    end if;
    if old.stage = 'question' and new.stage in ('code', 'allowed', 'break_contact', 'held', 'expired', 'revoked')
        or old.stage = 'code' and new.stage in ('allowed', 'held', 'locked', 'expired', 'revoked')
            and new.intent = old.intent
        or old.stage = 'code' and new.stage = 'break_contact' and new.intent in ('guided', 'unsure')
        or old.stage in ('allowed', 'held') and new.stage = 'revoked' then
        return new;
    end if;
    raise exception 'session cannot go from % to %', old.stage, new.stage using errcode = 'AS001';
end
$$;
