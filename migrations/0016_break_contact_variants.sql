-- wordings of the page for whoever broke off contact: one is chosen for each session, and what came of each is compared.

alter table orgs
    -- the wordings that take part; one alone means that nothing is compared
    add column break_contact_variants text[] not null default '{default,counter_script,own_control}'
        check (cardinality(break_contact_variants) between 1 and 3
            and break_contact_variants <@ '{default,counter_script,own_control}');

alter table sessions
    -- chosen when contact is broken off, kept from then on; none in sessions from before there was a choice
    add column break_contact_variant text
        check (break_contact_variant in ('default', 'counter_script', 'own_control')),
    add check (break_contact_variant is null or stage = 'break_contact');

-- few sessions break off contact: a small index finds those of a time
create index sessions_variants on sessions (org_id, resolved_at) where break_contact_variant is not null;
