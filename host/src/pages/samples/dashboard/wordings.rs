//! The wordings of Break Contact side by side.

use ase_engine::variant::Variant;

use super::super::Shown;
use super::{base, hostile_base};
use crate::pages::dashboard::{Section, ShareView, WordingRow, WordingsPage};

pub(super) fn show(shown: &mut Shown<'_>) {
    let rows: Vec<WordingRow> = Variant::ALL.into_iter().zip([412, 398, 0]).map(row).collect();
    let page = |rows: Vec<WordingRow>, enough, note: &str| WordingsPage {
        base: base(Section::Reports),
        days: 30,
        spans: vec![30, 90, 365],
        shown: rows.iter().any(|row| row.sessions > 0),
        rows,
        elsewhere: 7,
        enough,
        note: note.into(),
    };
    let overlap = "Where the intervals of two wordings overlap, the difference may be chance alone.";
    shown.page("plain", &page(rows.clone(), true, overlap));
    shown.page("few", &page(rows, false, "Too few to compare: own_control was shown in 0 sessions."));
    shown.page("empty", &WordingsPage { elsewhere: 0, ..page(Vec::new(), false, "") });
    let hostile = WordingsPage { base: hostile_base(Section::Reports), ..page(Vec::new(), false, "") };
    shown.page("hostile", &WordingsPage { elsewhere: 1, ..hostile });
}

fn row((variant, sessions): (Variant, i64)) -> WordingRow {
    let share = |count: i64, percent: i64| ShareView {
        count: if sessions > 0 { count } else { 0 },
        percent: (sessions > 0).then_some(percent),
        low: if sessions > 0 { percent - 3 } else { 0 },
        high: if sessions > 0 { percent + 3 } else { 100 },
    };
    WordingRow {
        variant,
        takes_part: sessions > 0,
        sessions,
        running: sessions / 20,
        reported: share(91, 22),
        tried_again: share(33, 8),
        stopped_by_mail: share(12, 3),
        confirmed_scam: share(70, 17),
        legitimate: share(16, 4),
    }
}
