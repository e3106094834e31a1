//! What analysts say of a session: given, changed and taken back, each with its audit entry.

use serde_json::json;
use thiserror::Error;

use crate::Engine;
use crate::audit::{Actor, action};
use crate::directory::Tenant;
use crate::journal::Journal;
use crate::label::{GivenLabel, Label, NewLabel};
use crate::problem::FieldError;
use crate::store::session_labels::{self, LabelRow};
use crate::store::{self, Scope, StoreError, Tx};
use crate::vault::OrgVault;

/// Why a session got no label.
#[derive(Debug, Error)]
pub enum LabelError {
    /// There is no such session, or it is another organisation's.
    #[error("there is no session of this id")]
    NotFound,
    /// A field is wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// What analysts say of a session; `None` while they have said nothing.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn label(&self, tenant: &Tenant, session_id: &str) -> Result<Option<GivenLabel>, StoreError> {
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let row = session_labels::find(&mut tx, org_id, session_id).await?;
        tx.commit().await?;
        row.map(|row| read(&tenant.vault, session_id, row)).transpose()
    }

    /// Says of a session what became of its action, in place of what was said before. Its outcome stays what it is.
    ///
    /// # Errors
    /// [`LabelError`]; a field of `new` is named.
    pub async fn label_session(
        &self,
        tenant: &Tenant,
        session_id: &str,
        new: NewLabel,
        actor: &Actor,
    ) -> Result<GivenLabel, LabelError> {
        let (label, note) = new.read()?;
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let before = before(&mut tx, org_id, session_id).await?;
        let labelled_at = tx.now().await?;
        let sealed = note
            .as_deref()
            .map(|note| tenant.vault.seal(&purpose(session_id), note.as_bytes(), &mut rand::rng()));
        let stored = session_labels::NewLabel {
            session_id,
            label: label.as_str(),
            note: sealed.as_deref(),
            labelled_by: &actor.id,
            labelled_at,
        };
        session_labels::put(&mut tx, org_id, stored).await?;
        let mut journal = Journal::new(org_id, Some(session_id), labelled_at);
        let noted = json!({ "label": label, "before": before.map(|row| row.label) });
        journal.note(actor, action::SESSION_LABELLED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        let labelled_by = actor.id.clone();
        Ok(GivenLabel { label, note, labelled_by, labelled_by_email: None, labelled_at })
    }

    /// Takes back what was said of a session; what became of it is worked out from the rest again. Where nothing was
    /// said, nothing is done.
    ///
    /// # Errors
    /// [`LabelError`].
    pub async fn unlabel_session(
        &self,
        org_id: &str,
        session_id: &str,
        actor: &Actor,
    ) -> Result<(), LabelError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let Some(before) = before(&mut tx, org_id, session_id).await? else { return Ok(()) };
        session_labels::remove(&mut tx, org_id, session_id).await?;
        let mut journal = Journal::new(org_id, Some(session_id), tx.now().await?);
        journal.note(actor, action::SESSION_UNLABELLED, json!({ "before": before.label }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        Ok(tx.commit().await?)
    }
}

/// The label that a session has, while everybody else who would change it waits.
async fn before(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Option<LabelRow>, LabelError> {
    store::sessions::find_locked(tx, org_id, session_id).await?.ok_or(LabelError::NotFound)?;
    Ok(session_labels::find(tx, org_id, session_id).await?)
}

fn read(vault: &OrgVault, session_id: &str, row: LabelRow) -> Result<GivenLabel, StoreError> {
    let opened = row.note.as_deref().and_then(|sealed| vault.open(&purpose(session_id), sealed).ok());
    Ok(GivenLabel {
        label: Label::parse(&row.label).ok_or(StoreError::Corrupt("label"))?,
        note: opened.and_then(|note| String::from_utf8(note).ok()),
        labelled_by: row.labelled_by,
        labelled_by_email: row.labelled_by_email,
        labelled_at: row.labelled_at,
    })
}

/// A note opens for its own session alone.
fn purpose(session_id: &str) -> String {
    format!("label/{session_id}")
}
