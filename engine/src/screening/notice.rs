//! Notices: recorded and acted on, never scored. A privacy request to erase is carried out at once.

use chrono::Duration;
use serde::Serialize;
use serde_json::json;

use super::{API_SOURCE, Origin, ScreeningError};
use crate::Engine;
use crate::audit::action;
use crate::directory::Tenant;
use crate::event::Event;
use crate::id::random_id;
use crate::inbox::Sought;
use crate::journal::{Journal, engine_actor};
use crate::store::notices::NewNotice;
use crate::store::{self, Scope};

/// How long a platform gives for a privacy request.
const PRIVACY_TERM: Duration = Duration::days(30);

/// What became of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeAnswer {
    /// As given.
    pub event_id: String,
    /// As given.
    #[serde(rename = "type")]
    pub event_type: String,
    /// It was recorded before.
    pub duplicate: bool,
}

impl Engine {
    pub(super) async fn record_notice(
        &self,
        tenant: &Tenant,
        origin: &Origin,
        event: &Event,
    ) -> Result<NoticeAnswer, ScreeningError> {
        let org_id = tenant.org.org_id.as_str();
        let event_type = event.event_type.as_str();
        let notice_id = random_id("ntc_", &mut rand::rng());
        let erasure = event_type == "privacy.erasure_requested";
        let sought = erasure.then(|| Sought::of(&event.subject).seal(&tenant.vault, &notice_id)).flatten();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let now = tx.now().await?;
        let fresh = store::notices::insert(
            &mut tx,
            &NewNotice {
                org_id,
                notice_id: &notice_id,
                source_id: &origin.source_id,
                event_id: &event.id,
                event_type,
                subject_id: &event.subject.id,
                due_at: event_type.starts_with("privacy.").then(|| now + PRIVACY_TERM),
                sought: sought.as_deref(),
            },
        )
        .await?;
        if let Some(arrival) = &origin.arrival {
            // whoever asks to be forgotten is named in the request itself
            let arrival = if erasure { arrival.clone().without_request() } else { arrival.clone() };
            store::deliveries::keep(&mut tx, &arrival.row("done", None)).await?;
        }
        if fresh {
            let mut journal = Journal::new(org_id, None, now);
            let noted =
                json!({ "notice_id": notice_id, "source_id": origin.source_id, "event_type": event_type });
            journal.note(&origin.actor, action::NOTICE_RECORDED, noted);
            if erasure {
                let subject_id = &event.subject.id;
                // the organisation itself, by its key, speaks of the person wherever they are known
                let source_id = Some(origin.source_id.as_str()).filter(|source| *source != API_SOURCE);
                // kept nowhere else, so that nothing leads back
                let pseudonym = random_id("erased_", &mut rand::rng());
                let erased = store::notices::erase_subject(
                    &mut tx, org_id, source_id, subject_id, &pseudonym, &notice_id,
                )
                .await?;
                let noted = json!({ "notice_id": notice_id, "events": erased });
                journal.note(&engine_actor(), action::SUBJECT_ERASED, noted);
            }
            store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        }
        tx.commit().await?;
        Ok(NoticeAnswer { event_id: event.id.clone(), event_type: event_type.to_owned(), duplicate: !fresh })
    }
}
