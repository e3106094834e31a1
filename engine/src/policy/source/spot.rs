//! `Spot`: where in a text a field stands, and the fields below it.

use std::collections::BTreeMap;

use saphyr_parser::Marker;

/// Where a field stands. A tree rather than a map of pointers, so that long names are not repeated in each of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Spot {
    /// Line and column, both from 1.
    pub(super) at: (usize, usize),
    /// By name, or by index.
    pub(super) children: BTreeMap<String, Spot>,
}

impl Spot {
    pub(super) fn new(marker: Marker) -> Self {
        Self { at: of(marker), children: BTreeMap::new() }
    }

    /// The place of the field at `pointer`, or of the innermost of its parents that is there.
    pub(super) fn find(&self, pointer: &str) -> (usize, usize) {
        let mut spot = self;
        for step in pointer.split('/').skip(1) {
            match spot.children.get(&step.replace("~1", "/").replace("~0", "~")) {
                Some(child) => spot = child,
                None => break,
            }
        }
        spot.at
    }
}

/// Line and column as an editor counts them.
pub(super) fn of(marker: Marker) -> (usize, usize) {
    (marker.line().max(1), marker.col() + 1)
}
