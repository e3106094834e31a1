-- the first shape: tenants, events and their decisions, sessions and their challenges, tokens, the audit log.
-- every key is led or closed by org_id, so that the schema can be distributed by organisation; every table
-- has row-level security forced (0002), and foreign keys are composite.

do $$
begin
    if not exists (select from pg_roles where rolname = 'ase_app') then
        raise exception 'role ase_app is missing: create it first (create role ase_app login password ...)';
    end if;
end
$$;

-- a tenant: whose users are protected
create table orgs (
    org_id text primary key check (org_id ~ '^org_[a-z0-9]+$'),
    name text not null check (length(name) between 1 and 80),
    policy_statement text not null check (length(policy_statement) <= 1000),
    support_url text,
    support_phone text,
    support_email text,
    -- exact origin plus path prefix (whole segments) that a return_url may have
    return_urls text[] not null default '{}',
    created_at timestamptz not null default now()
);

-- machine keys: only a digest of the secret is kept
create table api_keys (
    org_id text not null references orgs,
    key_id text not null,
    name text not null,
    secret_hash bytea not null check (length(secret_hash) = 32),
    scopes text[] not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (key_id, org_id)
);

-- keys that sign decision tokens; the newest signs, all that are not retired verify
create table token_keys (
    org_id text not null references orgs,
    kid text not null,
    sealed_secret bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    primary key (org_id, kid)
);

-- people who use the dashboard
create table users (
    org_id text not null references orgs,
    user_id text not null,
    email text not null,
    password_hash text not null,
    role text not null check (role in ('owner', 'admin', 'analyst', 'auditor', 'developer')),
    created_at timestamptz not null default now(),
    disabled_at timestamptz,
    primary key (user_id, org_id)
);
create unique index users_email on users (lower(email));

-- signed-in browsers: the cookie is 256 random bits of which only the digest is kept
create table sign_ins (
    org_id text not null,
    sign_in_hash bytea not null check (length(sign_in_hash) = 32),
    user_id text not null,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (sign_in_hash, org_id),
    foreign key (user_id, org_id) references users (user_id, org_id)
);

-- one configured sender of webhooks
create table sources (
    org_id text not null references orgs,
    source_id text not null,
    connector text not null,
    name text not null,
    settings jsonb not null default '{}',
    tolerance_seconds int not null default 300 check (tolerance_seconds between 1 and 3600),
    allow_sha1 boolean not null default false,
    accept_partial boolean not null default false,
    created_at timestamptz not null default now(),
    disabled_at timestamptz,
    primary key (source_id, org_id)
);

-- secrets of a source; several may be active while one replaces the other
create table source_secrets (
    org_id text not null,
    source_id text not null,
    secret_id text not null,
    sealed_secret bytea not null,
    created_at timestamptz not null default now(),
    not_after timestamptz,
    primary key (secret_id, org_id),
    foreign key (source_id, org_id) references sources (source_id, org_id)
);

-- policies: a version is immutable and identified by the digest of its canonical form
create table policies (
    org_id text not null references orgs,
    name text not null,
    version int not null check (version > 0),
    digest text not null,
    document jsonb not null,
    author text not null,
    live boolean not null default false,
    created_at timestamptz not null default now(),
    primary key (org_id, name, version)
);
create unique index policies_live on policies (org_id) where live;

-- what was screened. no foreign key to sources: every event would lock the same row of it, and sources are
-- disabled, never deleted. personal holds the whole event, sealed; the columns are what history needs.
create table events (
    org_id text not null,
    session_id text not null,
    source_id text not null,
    event_id text not null,
    event_type text not null,
    category text not null,
    subject_id text not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    test boolean not null,
    device_id text,
    country text,
    amount numeric,
    currency text,
    destination_id text,
    sensitive boolean not null,
    contact_changed boolean not null,
    -- digest of the normalized event: the same id with another body is a conflict
    request_digest bytea not null,
    -- digest of the delivery's body: the same body under another id is a duplicate
    delivery_digest bytea,
    delivery_ordinal int,
    personal bytea,
    primary key (session_id, org_id),
    unique (event_id, source_id, org_id)
);
-- each question that a decision asks of events has one index that can answer it, led by the column only it asks for:
-- with indexes led by org_id a planner without statistics (a new database, a plan kept from when it was new) finds
-- them all alike, and may read every event of the organisation to find those of one subject.
create index events_subject on events (subject_id, org_id, received_at desc)
    include (test, category, device_id, country, amount, currency, destination_id, sensitive, contact_changed);
create unique index events_delivery on events (delivery_digest, delivery_ordinal, event_type, source_id, org_id)
    where delivery_digest is not null;

-- what was decided; never changed
create table decisions (
    org_id text not null,
    session_id text not null,
    outcome text not null check (outcome in ('allow', 'delay_verify', 'block_escalate')),
    score int not null check (score between 0 and 100),
    reasons jsonb not null,
    missing text[] not null,
    shadow jsonb not null,
    policy_name text not null,
    policy_version int not null,
    policy_digest text not null,
    features jsonb not null,
    decided_at timestamptz not null,
    primary key (session_id, org_id),
    foreign key (session_id, org_id) references events (session_id, org_id)
);
create index decisions_recent on decisions (org_id, decided_at desc, session_id desc);

-- one challenged (or at once resolved) subject's path
create table sessions (
    org_id text not null,
    session_id text not null,
    subject_id text not null,
    status text not null check (status in ('pending', 'resolved', 'expired')),
    stage text not null check (stage in
        ('question', 'code', 'allowed', 'blocked', 'break_contact', 'held', 'locked', 'expired', 'revoked')),
    intent text check (intent in ('confirmed', 'guided', 'unsure')),
    outcome text check (outcome in ('allow', 'block')),
    assurance text,
    challenged boolean not null,
    otp_required boolean not null,
    hold boolean not null,
    otp_sends int not null default 0,
    otp_tries int not null default 0,
    -- digest of the cookie of the browser that answered first
    binding_hash bytea,
    -- where codes go and what the page shows, sealed
    contact bytea,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    resolved_at timestamptz,
    primary key (session_id, org_id),
    foreign key (session_id, org_id) references events (session_id, org_id),
    -- a resolved session has an outcome and a time, and only a resolved one
    check ((status = 'resolved') = (outcome is not null)),
    check ((status = 'pending') = (stage in ('question', 'code'))),
    -- who is guided, or not sure, is never let through
    check (intent is null or intent = 'confirmed' or outcome = 'block'),
    check (outcome is distinct from 'allow' or stage in ('allowed', 'revoked'))
);
create index sessions_challenged on sessions (org_id, subject_id, created_at desc) where challenged;
create index sessions_due on sessions (expires_at) where status = 'pending';

-- the state machine: which stage may follow which. what is resolved stays resolved; an unused allow may be revoked.
create function sessions_transition() returns trigger language plpgsql as $$
begin
    if old.stage = new.stage and old.status = new.status and old.intent is not distinct from new.intent
        and old.outcome is not distinct from new.outcome then
        return new;
    end if;
    if old.stage = 'question' and new.stage in ('code', 'allowed', 'break_contact', 'held', 'expired', 'revoked')
        or old.stage = 'code' and new.stage in ('allowed', 'held', 'locked', 'expired', 'revoked')
            and new.intent = old.intent
        or old.stage = 'code' and new.stage = 'break_contact' and new.intent in ('guided', 'unsure')
        or old.stage = 'allowed' and new.stage = 'revoked' then
        return new;
    end if;
    raise exception 'session cannot go from % to %', old.stage, new.stage using errcode = 'AS001';
end
$$;
create trigger sessions_transition before update on sessions for each row execute function sessions_transition();

-- one-time codes: only an HMAC of the code is kept
create table otp_codes (
    org_id text not null,
    session_id text not null,
    number int not null check (number between 1 and 10),
    code_hash bytea not null check (length(code_hash) = 32),
    channel text not null check (channel in ('email', 'sms')),
    -- keyed digest of the address, for the limits per address
    address_hash bytea not null,
    tries int not null default 0,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    superseded_at timestamptz,
    primary key (session_id, number, org_id),
    foreign key (session_id, org_id) references sessions (session_id, org_id)
);
create index otp_codes_address on otp_codes (org_id, address_hash, issued_at desc);

-- decision tokens: what was signed (the signature is made again from it) and whether it was used
create table decision_tokens (
    org_id text not null,
    token_id text not null,
    session_id text not null,
    kid text not null,
    claims jsonb not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    used_by text,
    idempotency_key text,
    answer jsonb,
    primary key (token_id, org_id),
    unique (session_id, org_id),
    foreign key (session_id, org_id) references sessions (session_id, org_id)
);

-- what is to be sent after commit; payload holds a code only until it is sent
create table outbox (
    org_id text not null,
    message_id text not null,
    session_id text,
    kind text not null check (kind in ('code', 'challenge')),
    channel text not null check (channel in ('email', 'sms')),
    payload bytea,
    status text not null default 'pending' check (status in ('pending', 'sent', 'dead')),
    tries int not null default 0,
    next_try_at timestamptz not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    last_error text,
    primary key (message_id, org_id)
);
create index outbox_due on outbox (next_try_at) where status = 'pending';

-- what a person tells of a scam; the words are sealed
create table scam_reports (
    org_id text not null,
    report_id text not null,
    session_id text not null,
    channel text not null,
    narrative bytea,
    created_at timestamptz not null,
    primary key (report_id, org_id),
    foreign key (session_id, org_id) references sessions (session_id, org_id)
);
create index scam_reports_recent on scam_reports (org_id, created_at desc, report_id);

-- verified deliveries whose connector failed: kept, retried, replayable
create table deliveries (
    org_id text not null,
    delivery_id text not null,
    source_id text not null,
    connector text not null,
    request bytea,
    body_digest bytea not null,
    status text not null check (status in ('deferred', 'done', 'failed')),
    tries int not null default 0,
    next_try_at timestamptz not null,
    received_at timestamptz not null,
    last_error text,
    primary key (delivery_id, org_id)
);
create index deliveries_due on deliveries (next_try_at) where status = 'deferred';
create unique index deliveries_body on deliveries (org_id, source_id, body_digest) where status = 'deferred';

-- what platforms tell us that is not screened: privacy requests, the end of a source
create table notices (
    org_id text not null,
    notice_id text not null,
    source_id text not null,
    event_id text not null,
    event_type text not null,
    subject_id text not null,
    received_at timestamptz not null,
    -- when it must be done, where the platform sets a term
    due_at timestamptz,
    done_at timestamptz,
    primary key (notice_id, org_id),
    unique (org_id, source_id, event_id)
);

-- the audit log: inserted with what it tells of, never changed (0002 grants insert and select alone).
-- leaf_hash is the RFC 6962 leaf hash of the entry's RFC 8785 form.
create table audit_entries (
    org_id text not null,
    entry_id text not null,
    session_id text,
    occurred_at timestamptz not null,
    actor_type text not null check (actor_type in ('platform', 'subject', 'analyst', 'system', 'connector')),
    actor_id text not null,
    action text not null,
    metadata jsonb not null,
    leaf_hash bytea not null check (length(leaf_hash) = 32),
    primary key (entry_id, org_id)
);
create index audit_entries_session on audit_entries (org_id, session_id, occurred_at);
create index audit_entries_recent on audit_entries (org_id, occurred_at desc, entry_id);

-- the mailbox of a demo without an SMTP server; empty everywhere else
create table demo_messages (
    org_id text not null,
    message_id text not null,
    address text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    sent_at timestamptz not null,
    primary key (message_id, org_id)
);
create index demo_messages_recent on demo_messages (sent_at desc);

-- a screened event with its decision, its session and its token, as analysts read it. the time is the statement's: with
-- a volatile function in it the view would be worked out as a whole before a page is cut from it.
create view screened as
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
