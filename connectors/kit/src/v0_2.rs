//! Interface `0.2`, for a connector that answers an unsigned greeting or claims the address it was sent to.
//!
//! Only its face speaks it: events and refusals are made in the types of `0.1`, as in every other connector here, and
//! raised at the door.

pub mod bindings;
// The host raises the answers of older components with the same lines.
#[path = "../../../host/src/connectors/versions/raise.rs"]
mod raise;

pub use bindings::exports::ase::connector::normalizer as wit;

use crate::wit as v0_1;
use raise::Raise;
use wit as v0_2;

/// The delivery as `0.1` knows it, without its address.
#[must_use]
pub fn lower(input: v0_2::Delivery) -> v0_1::Delivery {
    let v0_2::Delivery { id, received_at, headers, url: _, query, body, settings } = input;
    let header = |v0_2::Header { name, value }| v0_1::Header { name, value };
    let setting = |v0_2::Setting { name, value }| v0_1::Setting { name, value };
    v0_1::Delivery {
        id,
        received_at,
        headers: headers.into_iter().map(header).collect(),
        query,
        body,
        settings: settings.into_iter().map(setting).collect(),
    }
}

/// A claim of `0.1`, to which the parts of `0.2` may be added.
#[must_use]
pub fn claim(claim: v0_1::Claim) -> v0_2::Claim {
    claim.raise()
}

/// A refusal of `0.1`.
#[must_use]
pub fn refusal(refusal: v0_1::Refusal) -> v0_2::Refusal {
    refusal.raise()
}

/// The answer of `normalize`.
///
/// # Errors
/// The refusal that it is.
pub fn outcome(answer: Result<v0_1::Outcome, v0_1::Refusal>) -> Result<v0_2::Outcome, v0_2::Refusal> {
    answer.map(Raise::raise).map_err(Raise::raise)
}

/// The answer to a greeting that wants to hear nothing but that somebody listens.
#[must_use]
pub fn welcome() -> v0_2::Proof {
    v0_2::Proof::Greeting(v0_2::Response {
        status: 200,
        content_type: "text/plain".to_owned(),
        body: Vec::new(),
    })
}
