//! Connectors that misbehave on purpose, compiled from `tests/guests` just as a bundled connector is.

#[path = "../../../host/build/component.rs"]
mod component;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static ROGUE: LazyLock<Vec<u8>> =
    LazyLock::new(|| component::build(&dir("rogue"), &super::binary::target_dir().join("tmp/guests")).unwrap());

fn dir(guest: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("guests").join(guest).canonicalize().unwrap()
}

/// A connector that does whatever its source's settings say; without any it makes one event of each body.
#[must_use]
pub fn rogue() -> &'static [u8] {
    &ROGUE
}
