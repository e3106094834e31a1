-- whoever answers for an organisation is written to when the breaker takes a policy version back
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('code', 'challenge', 'demotion'));

-- how often the breaker took a version back: one that was, and decides again, is looked at again
alter table policies add column demotions int not null default 0;
update policies set demotions = 1 where demoted_at is not null;
