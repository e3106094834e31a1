//! The versions of one connector, below the list of connectors.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// A connector with installed versions.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseView {
    /// Its id in webhook addresses.
    pub id: String,
    /// Its title for people; empty where no version can be used.
    pub title: String,
    /// Those that can be used, those that read first.
    pub versions: Vec<VersionView>,
    /// Those that were put away.
    pub retired: Vec<VersionView>,
    /// How many more there are.
    pub hidden: usize,
    /// The organisation's sources that stay with one version.
    pub pins: Vec<PinView>,
    /// How shadows read the organisation's deliveries.
    pub comparisons: Vec<ComparisonView>,
    /// The latest of them that were read otherwise.
    pub differences: Vec<DifferenceView>,
}

/// One version.
#[derive(Debug, Clone, Serialize)]
pub struct VersionView {
    /// As its manifest says.
    pub version: String,
    /// Digest of the component, `sha256:…`; the page shortens it.
    pub digest: String,
    /// `live`, `canary`, `shadow`, `previous`, or nothing.
    pub seat: String,
    /// Share of deliveries that a canary reads.
    pub percent: Option<i32>,
    /// It is part of the program.
    pub built_in: bool,
    /// When it was installed.
    pub installed_at: Option<DateTime<Utc>>,
    /// Who installed it.
    pub installed_by: String,
    /// The trusted key that signed it; the page shortens it.
    pub signed_by: Option<String>,
    /// When it was put away.
    pub retired_at: Option<DateTime<Utc>>,
}

/// A source that stays with one version.
#[derive(Debug, Clone, Serialize)]
pub struct PinView {
    /// `src_…`.
    pub source_id: String,
    /// As operators know it.
    pub name: String,
    /// The version, where it is known.
    pub version: String,
    /// Its digest.
    pub digest: String,
}

/// How one version reads beside another.
#[derive(Debug, Clone, Serialize)]
pub struct ComparisonView {
    /// The version that read.
    pub live: String,
    /// The version that read along.
    pub shadow: String,
    /// Deliveries that both read.
    pub compared: i64,
    /// Both read the same.
    pub same: i64,
    /// They differ.
    pub different: i64,
    /// The shadow failed.
    pub failed: i64,
    /// When last.
    pub last_at: DateTime<Utc>,
}

/// A delivery that was read otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct DifferenceView {
    /// `dlv_…`.
    pub delivery_id: String,
    /// How the shadow failed, if it did.
    pub failure: Option<String>,
    /// Where both differ, as JSON pointers; never what stands there.
    pub pointers: Vec<String>,
    /// When.
    pub compared_at: DateTime<Utc>,
}
