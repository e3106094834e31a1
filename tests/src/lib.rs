//! What the stories in `tests/` stand on: a real server with a real database, a real mail server to catch its mail,
//! real signatures, a browser with and without JavaScript. Nothing here stands in for a part of the product.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a story that cannot go on has failed"
)]

pub mod harness;
