//! Trials: what a connector makes of a delivery that nobody sent. Nothing is screened, kept or logged.
//!
//! A connector is a pure function, and that is enough to find out what of a body it used: a value whose change
//! changes nothing was not. So the host asks again, with values of the body spoiled, and needs no word of the
//! connector for it.

mod leaves;

use std::time::Duration;

use bytes::Bytes;
use secrecy::SecretString;

use crate::connectors::{CallError, Connectors, Delivery, Received, Trust};
use leaves::{Leaf, leaves};

/// Questions of one trial: enough for a body of two hundred values that are all used, or for a longer one of which
/// a part is.
const QUESTIONS: usize = 600;
/// Longest body of which the unused values are looked for: each question carries it whole.
const BODY_MAX: usize = 128 * 1024;

/// What came of a trial.
#[derive(Debug)]
pub struct Tried {
    /// What the connector made of the delivery.
    pub received: Received,
    /// The values of a JSON body that had no effect, as pointers in order; empty where no event came of it.
    pub unmapped: Vec<String>,
    /// False when the body is too large to look at every value.
    pub complete: bool,
}

/// Runs a delivery through a connector as if it were authentic, and finds what of its body had no effect.
///
/// # Errors
/// The connector or the host failed.
pub async fn attempt(connectors: &Connectors, id: &str, delivery: Delivery) -> Result<Tried, CallError> {
    let received = read(connectors, id, &delivery).await?;
    let mut search =
        Search { connectors, id, delivery, received, questions: QUESTIONS, unmapped: Vec::new() };
    let complete = search.run().await;
    let Search { received, unmapped, .. } = search;
    Ok(Tried { received, unmapped, complete })
}

/// What a connector objects to in the settings of a source, before anything was sent to it; `None` for nothing.
///
/// A connector reads its settings before the delivery, and begins a refusal that is about them with "setting `name`".
///
/// # Errors
/// The connector or the host failed.
pub async fn mistake(
    connectors: &Connectors,
    id: &str,
    settings: Vec<(String, String)>,
) -> Result<Option<String>, CallError> {
    let now = ase_engine::clock::now();
    let delivery = Delivery { id: "dlv_trial".to_owned(), received_at: now, settings, ..Delivery::default() };
    // any secret will do: whether it matches is not looked at
    let trust = Trust {
        secrets: vec![SecretString::from("trial")],
        tolerance: Duration::ZERO,
        allow_sha1: true,
        accept_partial: true,
    };
    let signed = connectors.receive(id, &delivery, &trust).await?.received;
    let read = read(connectors, id, &delivery).await?;
    let said = [signed, read].into_iter().find_map(|received| match received {
        Received::Unauthenticated(message) => Some(message).filter(|message| is_about_settings(message)),
        Received::Refused(refusal) => Some(refusal.message).filter(|message| is_about_settings(message)),
        _ => None,
    });
    Ok(said)
}

fn is_about_settings(message: &str) -> bool {
    message.starts_with("setting `")
}

/// The one place where a trial calls a connector.
async fn read(connectors: &Connectors, id: &str, delivery: &Delivery) -> Result<Received, CallError> {
    Ok(connectors.renormalize(id, delivery).await?.received)
}

/// The search for values without effect.
struct Search<'a> {
    connectors: &'a Connectors,
    id: &'a str,
    delivery: Delivery,
    received: Received,
    questions: usize,
    unmapped: Vec<String>,
}

impl Search<'_> {
    /// Looks at all values, and says whether it came to the end. A range of which nothing has an effect is done with
    /// at once; any other is halved.
    async fn run(&mut self) -> bool {
        if !matches!(self.received, Received::Events(_)) {
            return true;
        }
        if self.delivery.body.len() > BODY_MAX {
            return false;
        }
        let body = self.delivery.body.clone();
        let leaves = leaves(&body);
        let mut open: Vec<&[Leaf]> = vec![&leaves];
        while let Some(range) = open.pop() {
            if range.is_empty() {
                continue;
            }
            let Some(effect) = self.has_effect(&body, range).await else { return false };
            if !effect {
                self.unmapped.extend(range.iter().map(|leaf| leaf.pointer.clone()));
            } else if range.len() > 1 {
                let (left, right) = range.split_at(range.len() / 2);
                open.extend([right, left]);
            }
        }
        true
    }

    /// Whether the outcome is another one when these values are; `None` when there were questions enough. A value
    /// is taken away and it is altered, because a connector may treat an unknown one as if it were missing.
    async fn has_effect(&mut self, body: &Bytes, range: &[Leaf]) -> Option<bool> {
        for spoil in [leaves::removed, leaves::altered] {
            self.questions = self.questions.checked_sub(1)?;
            let spoiled = leaves::spoiled(body, range, spoil);
            let delivery = Delivery { body: spoiled.into(), ..self.delivery.clone() };
            match read(self.connectors, self.id, &delivery).await {
                Ok(received) if received == self.received => {}
                _ => return Some(true),
            }
        }
        Some(false)
    }
}
