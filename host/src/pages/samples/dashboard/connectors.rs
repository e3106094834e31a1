//! Connectors in their states, and their versions.

use super::{HOSTILE, Shown, at, base, hostile_base};
use crate::pages::dashboard::{
    ComparisonView, ConnectorRow, ConnectorsPage, DifferenceView, PinView, QuarantineView, ReleaseView,
    Section, VersionView,
};

const FOLDER: &str = "/etc/ase/connectors";

pub(super) fn show(shown: &mut Shown<'_>) {
    let page =
        |connectors, releases| ConnectorsPage { base: base(Section::Connectors), connectors, releases };
    let acme = row("acme", "Acme", "installed", None);
    shown.page("plain", &page(rows(), Vec::new()));
    shown.page("empty", &page(Vec::new(), Vec::new()));
    shown.page("installed", &page([rows(), vec![acme]].concat(), vec![acme_release(), pinned_release()]));
    let long = LONG.repeat(6);
    shown.page("long", &page(vec![row(&long, &long, &long, Some(&long))], vec![hostile_release(&long)]));
    let hostile =
        ConnectorRow { quarantine: Some(held(HOSTILE)), ..row(HOSTILE, HOSTILE, HOSTILE, Some(HOSTILE)) };
    let base = hostile_base(Section::Connectors);
    let releases = vec![hostile_release(HOSTILE), hostile_release(HOSTILE)];
    shown.page("hostile", &ConnectorsPage { base, connectors: vec![hostile], releases });
}

/// Without a place to break.
const LONG: &str = "AnExceedinglyLongName";

fn row(id: &str, title: &str, origin: &str, error: Option<&str>) -> ConnectorRow {
    ConnectorRow {
        id: id.into(),
        version: "0.1.0".into(),
        title: title.into(),
        digest: format!("sha256:{}", "5b".repeat(32)),
        origin: origin.into(),
        grant: "none".into(),
        last_error: error.map(str::to_owned),
        quarantine: None,
    }
}

fn held(fault: &str) -> QuarantineView {
    let (since, next_try_at) = (at(11, 30, 0), at(11, 34, 16));
    QuarantineView { since, failures: 11, fault: fault.into(), next_try_at }
}

fn rows() -> Vec<ConnectorRow> {
    vec![
        row("generic", "Standard Webhooks", "bundled", None),
        ConnectorRow { quarantine: Some(held("timed out")), ..row("slow-pay", "Slow Pay", FOLDER, None) },
        row("acme-pay", "Acme Pay", FOLDER, Some("imports `wasi:sockets/tcp`, which is not granted")),
    ]
}

fn version(version: &str, digest: &str, seat: &str) -> VersionView {
    VersionView {
        version: version.into(),
        digest: format!("sha256:{}", digest.repeat(32)),
        seat: seat.into(),
        percent: (seat == "canary").then_some(10),
        built_in: false,
        installed_at: Some(at(9, 15, 0)),
        installed_by: "key_5f2a81c09d".into(),
        signed_by: Some("ed25519:Kb3nq0Xh1f9ZrTqkS8cVYw7Jm2LdP5uAeGxOiN4tRQE=".into()),
        retired_at: None,
    }
}

fn retired(name: &str, digest: &str) -> VersionView {
    VersionView {
        retired_at: Some(at(10, 0, 0)),
        signed_by: None,
        installed_by: "cli".into(),
        ..version(name, digest, "")
    }
}

fn acme_release() -> ReleaseView {
    let pointers = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    let difference = |id: &str, failure: Option<&str>, at_pointers: &[&str]| DifferenceView {
        delivery_id: id.into(),
        failure: failure.map(str::to_owned),
        pointers: pointers(at_pointers),
        compared_at: at(14, 2, 0),
    };
    ReleaseView {
        id: "acme".into(),
        title: "Acme".into(),
        versions: vec![
            version("1.1.0", "5d", "live"),
            version("1.2.0", "7a", "canary"),
            version("2.0.0", "c4", "shadow"),
            version("1.0.0", "3f", "previous"),
            version("0.9.0", "21", ""),
        ],
        retired: vec![retired("0.8.0", "0e"), retired("0.7.0", "0d")],
        hidden: 3,
        pins: vec![
            pin("Shop in Berlin", "src_7h2k9d4f1s", "0.9.0"),
            pin("Shop in Lisbon", "src_1m8x3c5v9b", "0.9.0"),
        ],
        comparisons: vec![ComparisonView {
            live: "1.1.0".into(),
            shadow: "2.0.0".into(),
            compared: 815,
            same: 812,
            different: 2,
            failed: 1,
            last_at: at(14, 30, 0),
        }],
        differences: vec![
            difference("dlv_2m9x4c7k1v8r", None, &["/events/0/action/amount/value", "/events/0/type"]),
            difference("dlv_8k1p5n3z6q4w", None, &["/ignored", "/events"]),
            difference("dlv_5t7y2u9i4o1e", Some("timed_out"), &[]),
        ],
    }
}

fn pin(name: &str, source_id: &str, version: &str) -> PinView {
    let digest = format!("sha256:{}", "21".repeat(32));
    PinView { source_id: source_id.into(), name: name.into(), version: version.into(), digest }
}

/// A source stays with what is part of the program, and nothing else is installed.
fn pinned_release() -> ReleaseView {
    let own = VersionView { built_in: true, signed_by: None, ..version("0.1.0", "5b", "live") };
    ReleaseView {
        id: "generic".into(),
        title: "Standard Webhooks".into(),
        versions: vec![own],
        retired: Vec::new(),
        hidden: 0,
        pins: vec![pin("Payments", "src_9b3d7f2a6c", "0.1.0")],
        comparisons: Vec::new(),
        differences: Vec::new(),
    }
}

fn hostile_release(text: &str) -> ReleaseView {
    let release = acme_release();
    let hostile = |seat: &str| VersionView {
        version: text.into(),
        digest: text.into(),
        installed_by: text.into(),
        signed_by: Some(text.into()),
        ..version("1", "2", seat)
    };
    let comparison = ComparisonView {
        live: text.into(),
        shadow: text.into(),
        compared: 9_000_000_000_000_000,
        same: 9_000_000_000_000_000,
        different: 0,
        failed: 0,
        last_at: at(14, 30, 0),
    };
    let difference = |failure: Option<&str>| DifferenceView {
        delivery_id: text.into(),
        failure: failure.map(str::to_owned),
        pointers: vec![text.to_owned(); 20],
        compared_at: at(14, 2, 0),
    };
    ReleaseView {
        id: text.into(),
        title: text.into(),
        versions: vec![hostile("live"), hostile("canary"), hostile(text)],
        pins: vec![PinView { digest: text.into(), ..pin(text, text, text) }],
        comparisons: vec![comparison],
        differences: vec![difference(None), difference(Some(text))],
        ..release
    }
}
