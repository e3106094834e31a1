//! Between entries as they were read and rows as the store has them.

use std::collections::HashMap;

use super::Listed;
use crate::id::random_id;
use crate::lists::{Entry, Listing};
use crate::store::StoreError;
use crate::store::list_entries::Columns;
use crate::trace::Keymaker;
use crate::vault::OrgVault;

/// What the store takes: every entry with an id of its own and with what a decision finds it by.
pub(super) fn columns(vault: &OrgVault, listings: &[Listing]) -> Columns {
    let keymaker = Keymaker::new(vault, false);
    let mut columns = Columns::default();
    for listing in listings {
        let kind = listing.kind.as_str();
        // addresses are found by their range, all else by its key
        let key = listing.network.is_none().then(|| keymaker.key(kind, &listing.value).to_vec());
        columns.entry_ids.push(random_id("lst_", &mut rand::rng()));
        columns.lists.push(listing.list.as_str().to_owned());
        columns.kinds.push(kind.to_owned());
        columns.values.push(listing.value.clone());
        columns.keys.push(key);
        columns.networks.push(listing.network.clone());
        columns.reasons.push(listing.reason.clone());
        columns.expiries.push(listing.expires_at);
    }
    columns
}

/// What the store put, in the order in which it was given; an entry with an id of ours is new.
pub(super) fn in_order(
    listings: &[Listing],
    ids: &[String],
    put: Vec<Entry>,
) -> Result<Vec<Listed>, StoreError> {
    let name = |entry: &Entry| (entry.list.clone(), entry.kind.clone(), entry.value.clone());
    let mut put: HashMap<_, _> = put.into_iter().map(|entry| (name(&entry), entry)).collect();
    let listed = listings.iter().zip(ids).map(|(listing, id)| {
        let (list, kind) = (listing.list.as_str().to_owned(), listing.kind.as_str().to_owned());
        let entry = put.remove(&(list, kind, listing.value.clone()))?;
        Some(Listed { added: entry.entry_id == *id, entry })
    });
    listed.collect::<Option<_>>().ok_or(StoreError::Corrupt("list"))
}
