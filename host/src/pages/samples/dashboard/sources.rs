//! The sources in their states.

use ase_engine::store::sources::SecretUse;
use chrono::{DateTime, Utc};

use super::{HOSTILE, Shown, at, base, hostile_base};
use crate::intake::SourceView;
use crate::pages::dashboard::{Section, SourcesPage};

fn secret(id: &str, not_after: Option<DateTime<Utc>>, last_matched_at: Option<DateTime<Utc>>) -> SecretUse {
    SecretUse {
        source_id: "src_7h2k9d4f1s".into(),
        secret_id: id.into(),
        created_at: at(9, 0, 0),
        not_after,
        last_matched_at,
    }
}

fn source(name: &str) -> SourceView {
    SourceView {
        source_id: "src_7h2k9d4f1s".into(),
        connector: "acme".into(),
        name: name.into(),
        url: "https://ase.example.com/webhooks/acme/src_7h2k9d4f1s".into(),
        connector_digest: None,
        silence_minutes: None,
        silent_since: None,
        last_delivery_at: Some(at(14, 32, 5)),
        secrets: vec![secret("sec_8d2f", None, Some(at(14, 32, 5)))],
        created_at: at(9, 0, 0),
        disabled_at: None,
    }
}

pub(super) fn show(shown: &mut Shown<'_>) {
    let page = |sources| SourcesPage { base: base(Section::Sources), delivery_days: 35, sources };
    let silent = SourceView {
        silence_minutes: Some(90),
        silent_since: Some(at(11, 2, 0)),
        last_delivery_at: Some(at(11, 2, 0)),
        ..source("Orders")
    };
    let turning = SourceView {
        connector_digest: Some(format!("sha256:{}", "5d41402a".repeat(8))),
        secrets: vec![
            secret("sec_new1", None, None),
            secret("sec_8d2f", Some(at(23, 0, 0)), Some(at(14, 30, 0))),
        ],
        ..source("Payments")
    };
    let disabled = SourceView {
        disabled_at: Some(at(12, 0, 0)),
        last_delivery_at: None,
        secrets: Vec::new(),
        ..source("The old shop")
    };
    shown.page("plain", &page(vec![source("Shop"), turning]));
    shown.page("silent", &page(vec![silent.clone(), source("Shop"), disabled]));
    shown.page("empty", &page(Vec::new()));
    let hostile = SourceView {
        source_id: HOSTILE.into(),
        connector: HOSTILE.into(),
        connector_digest: Some(HOSTILE.into()),
        secrets: vec![secret(HOSTILE, None, None)],
        ..SourceView { name: HOSTILE.repeat(4), ..silent }
    };
    shown.page("hostile", &SourcesPage { base: hostile_base(Section::Sources), ..page(vec![hostile]) });
}
