//! A bundled connector as plain Rust: the very sources that become a component, for measuring what the sandbox costs
//! beside them, or what another one does. Nothing but the benches uses it.

// The sources bring their tests along, which run where they live.
#![cfg(not(test))]

mod bindings;

pub use bindings::exports::ase::connector::normalizer::{
    Attribute, Claim, Delivery, Event, Header, Outcome, Refusal,
};
pub use connector::Connector;
use connector::{event, headers, notice, payload, refusal, settings, topic};

#[path = "../../../connectors/shopify/src"]
mod connector {
    pub(crate) mod event;
    pub(crate) mod headers;
    pub(crate) mod notice;
    pub(crate) mod payload;
    pub(crate) mod refusal;
    pub(crate) mod settings;
    mod signature;
    pub(crate) mod topic;

    use crate::bindings::exports::ase::connector::normalizer::{Claim, Delivery, Guest, Outcome, Refusal};

    /// Both functions of the interface, called directly.
    #[derive(Debug)]
    pub struct Connector;

    impl Guest for Connector {
        fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
            signature::claims(&input)
        }

        fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
            payload::normalize(&input)
        }
    }

    impl Connector {
        /// What the delivery claims, as the component would say.
        ///
        /// # Errors
        /// The connector's refusal.
        pub fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
            <Self as Guest>::authenticate(input)
        }

        /// What the delivery becomes, as the component would say.
        ///
        /// # Errors
        /// The connector's refusal.
        pub fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
            <Self as Guest>::normalize(input)
        }
    }
}
