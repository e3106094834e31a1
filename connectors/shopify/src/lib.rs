//! Shopify's webhooks, turned into neutral events.
//!
//! Owns everything the project knows of Shopify: its two header families, its signature, its topics and the
//! bodies behind them. Never holds a secret, never reads a clock, never keeps anything between two calls.
//! Source: Shopify's documentation, "Deliver webhooks through HTTPS" and "Webhooks" (topics and payloads).

mod bindings;
mod event;
mod headers;
mod notice;
mod payload;
mod refusal;
mod settings;
mod signature;
mod topic;

#[cfg(test)]
mod tests;

use bindings::exports::ase::connector::normalizer::{Claim, Delivery, Guest, Outcome, Refusal};

/// The component: two pure functions over one delivery.
#[derive(Debug)]
struct Connector;

impl Guest for Connector {
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        signature::claims(&input)
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        payload::normalize(&input)
    }
}
