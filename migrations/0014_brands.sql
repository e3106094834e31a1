-- how an organisation looks and speaks on the pages of its challenges and in their mails. what is missing here is as
-- the organisation itself has it (orgs), or plain.

-- logos, written anew from what was given: nothing but pixels
create table brand_logos (
    org_id text not null references orgs,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    width int not null check (width between 1 and 1024),
    height int not null check (height between 1 and 1024),
    image bytea not null check (length(image) <= 524288),
    created_at timestamptz not null default clock_timestamp(),
    primary key (digest, org_id)
);

create table brands (
    org_id text primary key references orgs,
    -- the language of the words in orgs
    default_language text not null default 'en' check (length(default_language) between 2 and 35),
    -- buttons and links, and what is written on buttons; their contrast was checked when they were set
    accent text check (accent ~ '^#[0-9a-f]{6}$'),
    on_accent text check (on_accent ~ '^#[0-9a-f]{6}$'),
    logo_digest text,
    updated_at timestamptz not null default clock_timestamp(),
    updated_by text not null,
    check ((accent is null) = (on_accent is null)),
    foreign key (logo_digest, org_id) references brand_logos (digest, org_id)
);

-- the same words and ways in other languages
create table brand_texts (
    org_id text not null references orgs,
    language text not null check (length(language) between 2 and 35),
    policy_statement text check (length(policy_statement) <= 1000),
    support_url text,
    support_phone text,
    support_email text,
    primary key (org_id, language)
);

do $$
declare
    name text;
begin
    foreach name in array array['brand_logos', 'brands', 'brand_texts']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy tenant on %I using (
            org_id = current_setting('ase.org_id', true) or current_setting('ase.org_id', true) = '*')$policy$, name);
        execute format('grant select, insert, update on %I to ase_app', name);
    end loop;
    foreach name in array array['brands', 'brand_texts']
    loop
        execute format('create trigger notify_configuration after insert or update or delete on %I
            for each statement execute function notify_configuration()', name);
    end loop;
end
$$;
-- a text may be taken back
grant delete on brand_texts to ase_app;
