//! Lists: entries added, changed and ended, one by one or from a file.

mod rows;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use self::rows::{columns, in_order};
use super::ProvisioningError;
use crate::Engine;
use crate::audit::{Actor, action};
use crate::journal::Journal;
use crate::lists::{ENTRIES_MAX, Entry, EntryKind, ListName, Listing, NewEntry, Sheet, read_all, to_csv};
use crate::problem::FieldError;
use crate::review::{Cursor, PAGE_MAX};
use crate::store::list_entries::Filter;
use crate::store::{self, Scope, StoreError, Tx};

/// What became of an entry that somebody gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// It is new; else it was there already and has a new reason and expiry.
    pub added: bool,
    /// As it stands now.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Entries that are new.
    pub added: usize,
    /// Entries that were there already and have a new reason and expiry.
    pub updated: usize,
    /// `sha256:` and the digest of the file, as the audit log has it.
    pub digest: String,
}

/// Which entries to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct EntryFilter {
    /// Only those of this list.
    pub list: Option<ListName>,
    /// Only those of this kind.
    pub kind: Option<EntryKind>,
    /// Those that are ended or expired too.
    pub past: bool,
}

impl Engine {
    /// Adds entries, all or none, and says in the same order what became of each. One that is on the list already
    /// takes the new reason and expiry.
    ///
    /// # Errors
    /// [`ProvisioningError::Field`] naming the first that is wrong: `/entries/3/value`.
    pub async fn add_list_entries(
        &self,
        org_id: &str,
        entries: Vec<NewEntry>,
        actor: &Actor,
    ) -> Result<Vec<Listed>, ProvisioningError> {
        if !(1..=ENTRIES_MAX).contains(&entries.len()) {
            let detail = format!("must hold 1 to {ENTRIES_MAX} entries; import more of them as CSV");
            return Err(FieldError::new("/entries", detail).into());
        }
        let (mut tx, now) = self.begin_listing(org_id).await?;
        let listings = read_all(entries, now)?;
        let listed = self.put(&mut tx, org_id, &listings, actor, now).await?;
        let mut journal = Journal::new(org_id, None, now);
        for Listed { added, entry } in &listed {
            let what = if *added { action::LIST_ADDED } else { action::LIST_UPDATED };
            journal.note(actor, what, outline(entry));
        }
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(listed)
    }

    /// Adds the entries of a CSV file, all or none, as [`Engine::add_list_entries`] does.
    ///
    /// # Errors
    /// [`ProvisioningError::Field`] naming the first that is wrong: `/lines/7/value`.
    pub async fn import_list_csv(
        &self,
        org_id: &str,
        text: &str,
        actor: &Actor,
    ) -> Result<Imported, ProvisioningError> {
        let mut sheet = Sheet::read(text)?;
        let (mut tx, now) = self.begin_listing(org_id).await?;
        let entries = std::mem::take(&mut sheet.entries);
        let listings = read_all(entries, now).map_err(|error| sheet.explain(error))?;
        let listed = self.put(&mut tx, org_id, &listings, actor, now).await?;
        let added = listed.iter().filter(|listed| listed.added).count();
        let digest = format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())));
        let imported = Imported { added, updated: listed.len() - added, digest };
        let mut journal = Journal::new(org_id, None, now);
        journal.note(actor, action::LIST_IMPORTED, json!(imported));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(imported)
    }

    /// Ends an entry: from the next event on it counts no longer. One that was ended before stays as it is.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when there is none of this id.
    pub async fn end_list_entry(
        &self,
        org_id: &str,
        entry_id: &str,
        actor: &Actor,
    ) -> Result<Entry, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let Some(entry) = store::list_entries::end(&mut tx, org_id, entry_id, &actor.id).await? else {
            let ended = store::list_entries::find(&mut tx, org_id, entry_id).await?;
            return ended.ok_or(ProvisioningError::NotFound("entry"));
        };
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::LIST_ENDED, outline(&entry));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(entry)
    }

    /// A page of entries, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn list_entries(
        &self,
        org_id: &str,
        filter: EntryFilter,
        before: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<Entry>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let filter = Filter {
            list: filter.list.map(ListName::as_str),
            kind: filter.kind.map(EntryKind::as_str),
            past: filter.past,
            before: before.map(|cursor| (cursor.time, cursor.id)),
        };
        let entries = store::list_entries::page(&mut tx, org_id, filter, limit.clamp(1, PAGE_MAX)).await?;
        tx.commit().await?;
        Ok(entries)
    }

    /// Every entry that counts now as CSV, oldest first: what [`Engine::import_list_csv`] reads.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn export_list_csv(&self, org_id: &str) -> Result<String, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let mut entries = store::list_entries::page(&mut tx, org_id, Filter::default(), i64::MAX).await?;
        tx.commit().await?;
        entries.reverse();
        to_csv(&entries).or(Err(StoreError::Corrupt("list")))
    }

    /// Waits for others that change these lists, and says what time it is then.
    async fn begin_listing(&self, org_id: &str) -> Result<(Tx, DateTime<Utc>), ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::list_entries::lock(&mut tx, org_id).await? {
            return Err(ProvisioningError::NotFound("organisation"));
        }
        let now = tx.now().await?;
        Ok((tx, now))
    }

    async fn put(
        &self,
        tx: &mut Tx,
        org_id: &str,
        listings: &[Listing],
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Vec<Listed>, StoreError> {
        let columns = columns(&self.master.org(org_id), listings);
        let put = store::list_entries::put(tx, org_id, &columns, &actor.id, now).await?;
        in_order(listings, &columns.entry_ids, put)
    }
}

/// What the audit log says of an entry; whom it names is no matter of the log.
fn outline(entry: &Entry) -> serde_json::Value {
    json!({ "list": entry.list, "kind": entry.kind, "entry_id": entry.entry_id })
}

#[cfg(test)]
mod tests;
