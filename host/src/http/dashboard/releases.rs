//! The versions of one connector as an organisation sees them: which of them read, its pins, and how shadows compare.

use ase_engine::channel::Channel;
use ase_engine::provisioning::Release;
use ase_engine::store::connector_comparisons::{CountsRow, DifferenceRow};
use ase_engine::store::connectors::VersionRow;

use crate::connectors::{BuiltIn, ConnectorStatus};
use crate::pages::dashboard::{ComparisonView, DifferenceView, PinView, ReleaseView, VersionView};

/// Versions that are shown; the command line lists all.
const VERSIONS: usize = 20;

/// `status` is what this server has in use of the connector.
pub(super) fn release_view(release: Release, status: Option<&ConnectorStatus>) -> ReleaseView {
    let Release { connector_id, channel, versions: rows, pins, comparisons, differences } = release;
    let own = status.and_then(|status| status.built_in.as_ref());
    let called = |digest: &str| version_of(&rows, own, digest);
    let pins = pins.into_iter().map(|pin| PinView {
        version: called(&pin.connector_digest),
        digest: pin.connector_digest,
        source_id: pin.source_id,
        name: pin.name,
    });
    let compared = |row: &CountsRow| ComparisonView {
        live: called(&row.live_digest),
        shadow: called(&row.shadow_digest),
        compared: row.same + row.different + row.failed,
        same: row.same,
        different: row.different,
        failed: row.failed,
        last_at: row.last_at,
    };
    let (pins, comparisons) = (pins.collect(), comparisons.iter().map(compared).collect());
    let (mut versions, hidden) = versions(&rows, &channel, own);
    let retired = versions.extract_if(.., |version| version.retired_at.is_some()).collect();
    ReleaseView {
        title: status.and_then(|status| status.title.clone()).unwrap_or_default(),
        id: connector_id,
        versions,
        retired,
        hidden,
        pins,
        comparisons,
        differences: differences.into_iter().map(difference).collect(),
    }
}

/// The versions that are shown, those in use first, and how many are not.
fn versions(rows: &[VersionRow], channel: &Channel, own: Option<&BuiltIn>) -> (Vec<VersionView>, usize) {
    let mut versions: Vec<_> = rows.iter().map(|row| version(row, channel, own)).collect();
    // what is part of the program is nowhere in the database until a source stays with it
    let own = own.filter(|own| rows.iter().all(|row| row.digest != own.digest));
    versions.extend(own.map(|own| built_in(own, channel)));
    versions.sort_by_key(|version| place(&version.seat));
    let hidden = versions.len().saturating_sub(VERSIONS);
    versions.truncate(VERSIONS);
    (versions, hidden)
}

/// Those that read come first.
fn place(seat: &str) -> usize {
    let seats = ["live", "canary", "shadow", "previous"];
    seats.iter().position(|known| *known == seat).unwrap_or(seats.len())
}

fn version(row: &VersionRow, channel: &Channel, own: Option<&BuiltIn>) -> VersionView {
    let built_in = own.is_some_and(|own| own.digest == row.digest);
    VersionView {
        version: row.version.clone(),
        digest: row.digest.clone(),
        seat: seat(&row.digest, channel, built_in).to_owned(),
        percent: percent(&row.digest, channel),
        built_in,
        installed_at: Some(row.installed_at),
        installed_by: row.installed_by.clone(),
        signed_by: row.signed_by.clone(),
        retired_at: row.retired_at,
    }
}

fn built_in(own: &BuiltIn, channel: &Channel) -> VersionView {
    VersionView {
        version: own.version.clone(),
        digest: own.digest.clone(),
        seat: seat(&own.digest, channel, true).to_owned(),
        percent: None,
        built_in: true,
        installed_at: None,
        installed_by: String::new(),
        signed_by: None,
        retired_at: None,
    }
}

/// What a version is used as; the program's own is what no digest means.
fn seat(digest: &str, channel: &Channel, built_in: bool) -> &'static str {
    let before = channel.previous.as_deref() == Some(digest);
    match channel.seat_of(digest) {
        Some(seat) => seat,
        None if built_in && channel.live.is_none() => "live",
        None if before || (built_in && channel.previous.is_none()) => "previous",
        None => "",
    }
}

fn percent(digest: &str, channel: &Channel) -> Option<i32> {
    let canary = channel.canary.as_ref().filter(|canary| canary.digest == digest);
    canary.map(|canary| canary.percent)
}

/// The version of a digest, where it is known.
fn version_of(rows: &[VersionRow], own: Option<&BuiltIn>, digest: &str) -> String {
    let row = rows.iter().find(|row| row.digest == digest).map(|row| &row.version);
    let own = own.filter(|own| own.digest == digest).map(|own| &own.version);
    row.or(own).cloned().unwrap_or_default()
}

fn difference(row: DifferenceRow) -> DifferenceView {
    DifferenceView {
        delivery_id: row.delivery_id,
        failure: row.failure,
        pointers: row.pointers,
        compared_at: row.compared_at,
    }
}

#[cfg(test)]
mod tests {
    use ase_engine::channel::Canary;

    use super::*;

    fn row(digest: &str, version: &str, retired: bool) -> VersionRow {
        let installed_at = ase_engine::clock::now();
        VersionRow {
            digest: digest.to_owned(),
            version: version.to_owned(),
            signed_by: None,
            installed_at,
            installed_by: "cli".to_owned(),
            retired_at: retired.then_some(installed_at),
            pinned: 0,
        }
    }

    fn shown(rows: &[VersionRow], channel: &Channel, own: Option<&BuiltIn>) -> Vec<(String, String)> {
        let versions = versions(rows, channel, own).0.into_iter();
        versions.map(|version| (version.version, version.seat)).collect()
    }

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(version, seat)| ((*version).to_owned(), (*seat).to_owned())).collect()
    }

    #[test]
    fn those_that_read_come_first() {
        let rows = [row("d", "4", false), row("c", "3", false), row("b", "2", true), row("a", "1", false)];
        let mut channel = Channel {
            live: Some("a".to_owned()),
            previous: None,
            canary: Some(Canary { digest: "c".to_owned(), percent: 10 }),
            shadow: Some("d".to_owned()),
        };
        let own = BuiltIn { version: "0".to_owned(), digest: "o".to_owned() };
        let all = [("1", "live"), ("3", "canary"), ("4", "shadow"), ("0", "previous"), ("2", "")];
        assert_eq!(shown(&rows, &channel, Some(&own)), pairs(&all));
        assert_eq!(percent("c", &channel), Some(10));
        channel.previous = Some("b".to_owned());
        let all = [("1", "live"), ("3", "canary"), ("4", "shadow"), ("2", "previous")];
        assert_eq!(shown(&rows, &channel, None), pairs(&all));
    }

    #[test]
    fn what_is_part_of_the_program_stands_once() {
        let own = BuiltIn { version: "1".to_owned(), digest: "a".to_owned() };
        let kept = [row("a", "1", false)];
        assert_eq!(shown(&kept, &Channel::default(), Some(&own)), pairs(&[("1", "live")]));
        assert_eq!(shown(&[], &Channel::default(), Some(&own)), pairs(&[("1", "live")]));
    }

    #[test]
    fn a_long_history_is_cut() {
        let rows: Vec<_> = (0..30).map(|number| row(&number.to_string(), "1", false)).collect();
        let channel = Channel { live: Some("29".to_owned()), ..Channel::default() };
        let (versions, hidden) = versions(&rows, &channel, None);
        assert_eq!((versions.len(), hidden, &*versions[0].digest), (VERSIONS, 10, "29"));
    }
}
