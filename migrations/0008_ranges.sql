-- which ranges hold an address is asked of `list_entries_network`, prefix by prefix: nothing asks this one any more
drop index list_entries_ranges;
