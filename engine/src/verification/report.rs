//! Scam reports: what a person tells of who guided them.

mod mask;

use serde::{Deserialize, Serialize};
use serde_json::json;

use self::mask::{cards, digits};
use super::view::pause_ends_at;
use super::{Access, VerificationError};
use crate::Engine;
use crate::audit::action;
use crate::id::random_id;
use crate::problem::FieldError;
use crate::session::Stage;
use crate::store;
use crate::store::scam_reports::ReportRow;

/// How the contact began.
const CHANNELS: [&str; 7] = ["phone", "sms", "email", "chat", "social", "remote_access", "other"];
/// Most reports of one session.
const REPORTS_PER_SESSION: i64 = 5;

/// A report as a person writes it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// `phone`, `sms`, `email`, `chat`, `social`, `remote_access` or `other`.
    pub channel: String,
    /// Number, address or name of the one who made contact.
    pub contact: Option<String>,
    /// Who they said they were.
    pub claimed_identity: Option<String>,
    /// What happened.
    pub narrative: Option<String>,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Engine {
    /// Files a report about a session that was stopped; its id is returned. Codes and card numbers are masked.
    ///
    /// # Errors
    /// [`VerificationError::Field`] naming the field; [`VerificationError::NothingToReport`];
    /// [`VerificationError::ReportsExhausted`].
    pub async fn report(
        &self,
        session_id: &str,
        report: Report,
        access: Access<'_>,
    ) -> Result<String, VerificationError> {
        let report = check(report)?;
        let mut opened = self.unlock(session_id, access).await?;
        // backtests take a reported session for a scam: whoever has a link alone shall not be able to say so
        if !was_stopped(opened.session.stage) {
            return Err(VerificationError::NothingToReport);
        }
        // who broke off contact hangs up first: whoever guides them may be telling them what to type
        if let (Access::Browser(_), Some(ends_at)) = (access, pause_ends_at(&opened.session)) {
            let seconds = (ends_at - opened.session.now).num_seconds().saturating_add(1);
            return Err(VerificationError::Paused { seconds });
        }
        let report_id = random_id("rep_", &mut rand::rng());
        let json = serde_json::to_vec(&report).or(Err(VerificationError::Writing("report")))?;
        let row = ReportRow {
            narrative: Some(opened.tenant.vault.seal(
                &format!("report/{report_id}"),
                &json,
                &mut rand::rng(),
            )),
            report_id: report_id.clone(),
            session_id: session_id.to_owned(),
            subject_id: opened.session.subject_id.clone(),
            channel: report.channel,
            created_at: opened.session.now,
        };
        let org_id = opened.org_id().to_owned();
        if !store::scam_reports::insert(&mut opened.tx, &org_id, &row, REPORTS_PER_SESSION).await? {
            return Err(VerificationError::ReportsExhausted);
        }
        opened.note(action::REPORT_FILED, json!({ "report_id": report_id, "channel": row.channel }));
        opened.commit().await?;
        Ok(report_id)
    }
}

/// Whether a session in this stage was stopped: by the person, by their wrong codes, by the score or for others to look.
fn was_stopped(stage: Stage) -> bool {
    matches!(stage, Stage::BreakContact | Stage::Held | Stage::Blocked | Stage::Revoked | Stage::Locked)
}

fn check(report: Report) -> Result<Report, FieldError> {
    if !CHANNELS.contains(&report.channel.as_str()) {
        return Err(FieldError::new("/channel", format!("must be one of {}", CHANNELS.join(", "))));
    }
    Ok(Report {
        contact: text("/contact", report.contact, 200)?.map(|text| cards(&text)),
        claimed_identity: text("/claimed_identity", report.claimed_identity, 200)?.map(|text| digits(&text)),
        narrative: text("/narrative", report.narrative, 2000)?.map(|text| digits(&text)),
        channel: report.channel,
    })
}

fn text(pointer: &str, value: Option<String>, max: usize) -> Result<Option<String>, FieldError> {
    let Some(text) = value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > max {
        return Err(FieldError::new(pointer, format!("must be at most {max} characters")));
    }
    Ok(Some(text.chars().filter(|c| !c.is_control() || *c == '\n').collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_keeps_a_code_or_a_card() {
        let report = Report {
            channel: "phone".to_owned(),
            contact: Some("+49 30 1234567, card 4242 4242 4242 4242".to_owned()),
            claimed_identity: Some("the bank, case 12.34.56".to_owned()),
            narrative: Some("read out 123\u{a0}\u{1}456".to_owned()),
        };
        let kept = check(report).unwrap();
        assert_eq!(
            kept.contact.as_deref(),
            Some("+49 30 1234567, card ••••"),
            "whoever called can be looked for"
        );
        assert_eq!(kept.claimed_identity.as_deref(), Some("the bank, case ••••"));
        assert_eq!(kept.narrative.as_deref(), Some("read out ••••"));
    }

    #[test]
    fn only_what_was_stopped_is_reported() {
        let table = [
            (Stage::Question, false),
            (Stage::Code, false),
            (Stage::Allowed, false),
            (Stage::Expired, false),
            (Stage::Blocked, true),
            (Stage::BreakContact, true),
            (Stage::Held, true),
            (Stage::Locked, true),
            (Stage::Revoked, true),
        ];
        for (stage, taken) in table {
            assert_eq!(was_stopped(stage), taken, "{stage:?}");
        }
    }

    #[test]
    fn a_bad_field_is_named() {
        let report = Report { channel: "pigeon".to_owned(), ..Report::default() };
        assert_eq!(check(report).unwrap_err().pointer, "/channel");
        let report =
            Report { channel: "phone".to_owned(), narrative: Some("x".repeat(2001)), ..Report::default() };
        assert_eq!(check(report).unwrap_err().pointer, "/narrative");
    }
}
