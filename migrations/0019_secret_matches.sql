-- when each secret of a source proved a delivery last, without reading all that the inbox knows of the source: the list
-- of an organisation's sources asks it of every secret
create index deliveries_secret on deliveries (source_id, secret_id, org_id, seen_at desc) where secret_id is not null;
