//! What came of the wordings for whoever breaks off contact, side by side.
//!
//! It counts what is in the database and says how much of a difference chance alone could make; which wording is better
//! is for people to say.

mod share;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

pub use share::Share;

use crate::Engine;
use crate::directory::Tenant;
use crate::problem::FieldError;
use crate::store::variant_outcomes::VariantRow;
use crate::store::{self, Scope, StoreError};
use crate::variant::{Variant, Variants};

/// Below so many sessions of a wording, nothing is said of it: half an interval is as wide as ten points of a hundred.
pub const SESSIONS_MIN: i64 = 100;
/// The longest time that is looked at in one go.
const SPAN_MAX: TimeDelta = TimeDelta::days(366);

/// A time to look at: from `since` on, before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// The wordings side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcomes {
    /// From when on contact was broken off.
    pub since: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Every wording there is, also those that do not take part.
    pub variants: Vec<Measured>,
    /// Sessions where contact was broken off by the link in a mail or by a key: whether anybody read the page is not
    /// known, so they count for no wording.
    pub elsewhere: i64,
    /// There are enough sessions of each wording to look at differences.
    pub enough: bool,
    /// What can be read from the figures, and what cannot.
    pub note: String,
}

/// What came of one wording.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Which.
    pub variant: Variant,
    /// It is chosen for new sessions.
    pub takes_part: bool,
    /// Sessions that it was shown in.
    pub sessions: i64,
    /// Those of them whose 24 hours are not over: who will try again is not known yet.
    pub running: i64,
    /// A scam report was sent.
    pub reported: Share,
    /// The same subject's action was stopped again within 24 hours.
    pub tried_again: Share,
    /// Such a new try was ended by the link in its mail.
    pub stopped_by_mail: Share,
    /// An analyst says that it was a scam.
    pub confirmed_scam: Share,
    /// An analyst says that it was good.
    pub legitimate: Share,
}

impl Span {
    /// A time of at most 366 days.
    ///
    /// # Errors
    /// [`FieldError`] naming `/since`.
    pub fn new(since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Self, FieldError> {
        if since >= until || until - since > SPAN_MAX {
            let detail = "must be before `until`, and at most 366 days before it";
            return Err(FieldError::new("/since", detail));
        }
        Ok(Self { since, until })
    }
}

impl Engine {
    /// What came of each wording within a time.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; [`StoreError::Corrupt`] for a wording that is none.
    pub async fn break_contact_outcomes(&self, tenant: &Tenant, span: Span) -> Result<Outcomes, StoreError> {
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let rows = store::variant_outcomes::of(&mut tx, org_id, span.since, span.until).await?;
        tx.commit().await?;
        if rows.iter().any(|row| Variant::parse(&row.variant).is_none()) {
            return Err(StoreError::Corrupt("variant"));
        }
        Ok(compared(&rows, &tenant.variants, span))
    }
}

fn compared(rows: &[VariantRow], taking_part: &Variants, span: Span) -> Outcomes {
    let unseen = VariantRow::default();
    let row = |variant: Variant| rows.iter().find(|row| row.variant == variant.as_str()).unwrap_or(&unseen);
    let variants: Vec<Measured> = Variant::ALL
        .into_iter()
        .map(|variant| measured(variant, taking_part.contains(variant), row(variant)))
        .collect();
    let (enough, note) = reading(&variants);
    let elsewhere = rows.iter().map(|row| row.elsewhere).sum();
    Outcomes { since: span.since, until: span.until, variants, elsewhere, enough, note }
}

fn measured(variant: Variant, takes_part: bool, row: &VariantRow) -> Measured {
    let share = |count| Share::new(count, row.sessions);
    Measured {
        variant,
        takes_part,
        sessions: row.sessions,
        running: row.running,
        reported: share(row.reported),
        tried_again: share(row.tried_again),
        stopped_by_mail: share(row.stopped_by_mail),
        confirmed_scam: share(row.scam),
        legitimate: share(row.good),
    }
}

/// Whether there is enough to compare, and a sentence that keeps chance from being read as a result.
fn reading(variants: &[Measured]) -> (bool, String) {
    let beside: Vec<&Measured> = variants.iter().filter(|one| one.takes_part || one.sessions > 0).collect();
    let fewest = beside.iter().min_by_key(|one| one.sessions);
    match fewest {
        _ if beside.iter().all(|one| one.sessions == 0) => {
            (false, "Nobody broke off contact on the page in this time.".to_owned())
        }
        _ if beside.len() < 2 => {
            (false, "There is one wording alone, so there is nothing to compare.".to_owned())
        }
        Some(fewest) if fewest.sessions < SESSIONS_MIN => {
            let (name, sessions) = (fewest.variant.as_str(), fewest.sessions);
            let shown = if sessions == 1 { "1 session".to_owned() } else { format!("{sessions} sessions") };
            let note = format!(
                "Too few to compare: {name} was shown in {shown}. Below {SESSIONS_MIN} of each wording, chance alone \
                 makes differences as large as these."
            );
            (false, note)
        }
        _ => {
            let note = "Where the intervals of two wordings overlap, the difference may be chance alone. Many figures \
                        stand beside each other here, so one of them may stand out by chance as well.";
            (true, note.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span() -> Span {
        let until = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        Span::new(until - TimeDelta::days(30), until).unwrap()
    }

    fn row(variant: Variant, sessions: i64) -> VariantRow {
        let (variant, reported) = (variant.as_str().to_owned(), sessions / 4);
        VariantRow { variant, sessions, reported, elsewhere: 2, ..VariantRow::default() }
    }

    fn outcomes(sessions: [i64; 3], taking_part: &[&str]) -> Outcomes {
        let rows = Variant::ALL.into_iter().zip(sessions).filter(|(_, sessions)| *sessions > 0);
        let rows: Vec<VariantRow> = rows.map(|(variant, sessions)| row(variant, sessions)).collect();
        compared(&rows, &Variants::read(taking_part).unwrap(), span())
    }

    #[test]
    fn few_sessions_are_called_few_and_no_difference_a_result() {
        let all: &[&str] = &["default", "counter_script", "own_control"];
        let table = [
            ([0, 0, 0], all, false, "Nobody broke off contact"),
            ([400, 0, 0], &["default"], false, "one wording alone"),
            ([400, 99, 300], all, false, "counter_script was shown in 99 sessions."),
            ([400, 1, 300], all, false, "counter_script was shown in 1 session."),
            ([400, 300, 0], all, false, "own_control was shown in 0 sessions."),
            ([400, 300, 0], &["default", "counter_script"], true, "may be chance alone"),
            ([400, 0, 20], &["default"], false, "own_control was shown in 20 sessions."),
            ([100, 100, 100], all, true, "may be chance alone"),
        ];
        for (sessions, taking_part, enough, note) in table {
            let outcomes = outcomes(sessions, taking_part);
            assert_eq!(outcomes.enough, enough, "{sessions:?} {taking_part:?}");
            assert!(outcomes.note.contains(note), "{sessions:?} {taking_part:?}: {}", outcomes.note);
        }
    }

    #[test]
    fn every_wording_is_listed_with_its_own_share() {
        let outcomes = outcomes([200, 0, 100], &["default", "own_control"]);
        let seen: Vec<_> =
            outcomes.variants.iter().map(|one| (one.variant, one.takes_part, one.sessions)).collect();
        let expected = [
            (Variant::Default, true, 200),
            (Variant::CounterScript, false, 0),
            (Variant::OwnControl, true, 100),
        ];
        assert_eq!(seen, expected);
        let reported: Vec<_> = outcomes.variants.iter().map(|one| one.reported).collect();
        assert_eq!(reported, [Share::new(50, 200), Share::new(0, 0), Share::new(25, 100)]);
        assert_eq!(outcomes.elsewhere, 4);
    }

    #[test]
    fn a_time_has_a_beginning_and_an_end() {
        let until = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        for since in [until, until + TimeDelta::seconds(1), until - TimeDelta::days(367)] {
            assert_eq!(Span::new(since, until).unwrap_err().pointer, "/since", "{since}");
        }
        assert!(Span::new(until - SPAN_MAX, until).is_ok());
    }
}
