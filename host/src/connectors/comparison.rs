//! A shadow version reads what another one read, off the response path, and both answers are compared.
//!
//! An answer is handed over without waiting. What does not fit the queue is dropped and counted: what is beside a
//! delivery never slows it down, and never changes what it was answered.

use std::sync::Arc;

use ase_engine::provisioning::{Compared, Verdict};
use ase_engine::store::connector_comparisons::Pair;
use serde_json::{Value, json};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc};

use super::component::Loaded;
use super::{Connectors, Delivery, Reading, Received, Trust, call};

/// KiB of deliveries and answers that may wait.
const WAITING_KIB: u32 = 32 << 10;
/// How many deliveries may wait.
const WAITING: usize = 1024;
/// How many are noted at once.
const BATCH: usize = 32;
/// Pointers that are kept of one delivery.
const MAX_POINTERS: usize = 20;
/// A member whose names come from the sender: below it nothing is named.
const FREE: &str = "attributes";

/// A delivery that was read, and what is to read it as well.
struct Read {
    org_id: String,
    connector: String,
    delivery: Delivery,
    trust: Arc<Trust>,
    reading: Reading,
    shadow: Arc<Loaded>,
    _room: OwnedSemaphorePermit,
}

/// The queue between answers and their comparison.
pub(super) struct Queue {
    sender: mpsc::Sender<Read>,
    receiver: Mutex<mpsc::Receiver<Read>>,
    room: Arc<Semaphore>,
}

impl Default for Queue {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self { sender, receiver: Mutex::new(receiver), room: Arc::new(Semaphore::new(WAITING_KIB as usize)) }
    }
}

impl Connectors {
    /// Has the shadow of a connector, where it has one, read later what was just read.
    pub fn compare_later(
        &self,
        (org_id, connector): (&str, &str),
        delivery: &Delivery,
        trust: &Arc<Trust>,
        reading: &Reading,
    ) {
        let Some(shadow) = self.channels.shadow(connector) else { return };
        if shadow.digest == reading.connector_digest {
            return;
        }
        // the body once as it came, and about once more as what it became
        let kib = u32::try_from(delivery.body.len() >> 9).unwrap_or(u32::MAX).saturating_add(4);
        let sent = Arc::clone(&self.comparisons.room).try_acquire_many_owned(kib).ok().and_then(|room| {
            let read = Read {
                org_id: org_id.to_owned(),
                connector: connector.to_owned(),
                delivery: delivery.clone(),
                trust: Arc::clone(trust),
                reading: reading.clone(),
                shadow,
                _room: room,
            };
            self.comparisons.sender.try_send(read).ok()
        });
        if sent.is_none() {
            let connector = connector.to_owned();
            metrics::counter!("ase_connector_comparisons_dropped_total", "connector" => connector)
                .increment(1);
        }
    }

    /// Compares what waits, one delivery after the other, and hands the verdicts on. Waits where nothing does.
    pub async fn compare(&self) -> Vec<Compared> {
        let mut reads = Vec::with_capacity(BATCH);
        self.comparisons.receiver.lock().await.recv_many(&mut reads, BATCH).await;
        let mut compared = Vec::with_capacity(reads.len());
        for read in reads {
            compared.push(judge(read).await);
        }
        compared
    }
}

async fn judge(read: Read) -> Compared {
    let Read { org_id, connector, delivery, trust, reading, shadow, _room } = read;
    let trace = &mut call::Trace::default();
    let answer = call::traced(&shadow, &delivery, Some(&trust), &mut call::open, trace).await;
    let (word, verdict) = match answer {
        Err(error) => ("failed", Verdict::Failed(error.fault.kind())),
        Ok(answer) if answer == reading.received => ("same", Verdict::Same),
        Ok(answer) => ("different", Verdict::Different(pointers(&reading.received, &answer))),
    };
    metrics::counter!("ase_connector_compared_total", "connector" => connector.clone(), "verdict" => word)
        .increment(1);
    let (live_digest, shadow_digest) = (reading.connector_digest, shadow.digest.clone());
    let pair = Pair { connector_id: connector, org_id, live_digest, shadow_digest };
    Compared { pair, delivery_id: delivery.id, verdict }
}

/// Where two answers differ, as JSON pointers into what they became.
fn pointers(live: &Received, shadow: &Received) -> Vec<String> {
    let mut found = Vec::new();
    compare(&shown(live), &shown(shadow), String::new(), &mut found);
    found
}

fn shown(received: &Received) -> Value {
    match received {
        Received::Events(events) => json!({ "events": events }),
        Received::Reply { status, content_type, body } | Received::Greeted { status, content_type, body } => {
            json!({ "reply": { "status": status, "content_type": content_type, "body": body } })
        }
        Received::Ignored { reason } => json!({ "ignored": reason }),
        Received::Refused(refusal) => {
            json!({ "refused": { "reason": refusal.reason.as_str(), "message": refusal.message,
                "pointer": refusal.pointer } })
        }
        Received::Unauthenticated(check) => json!({ "unauthenticated": check }),
    }
}

fn compare(live: &Value, shadow: &Value, at: String, found: &mut Vec<String>) {
    if live == shadow || found.len() == MAX_POINTERS {
        return;
    }
    match (live, shadow) {
        _ if at.ends_with(FREE) => found.push(at),
        (Value::Object(live), Value::Object(shadow)) => {
            let added = shadow.keys().filter(|name| !live.contains_key(*name));
            for name in live.keys().chain(added) {
                let (live, shadow) = (live.get(name), shadow.get(name));
                let (live, shadow) = (live.unwrap_or(&Value::Null), shadow.unwrap_or(&Value::Null));
                compare(live, shadow, format!("{at}/{name}"), found);
            }
        }
        (Value::Array(live), Value::Array(shadow)) if live.len() == shadow.len() => {
            for (place, (live, shadow)) in live.iter().zip(shadow).enumerate() {
                compare(live, shadow, format!("{at}/{place}"), found);
            }
        }
        _ => found.push(at),
    }
}

#[cfg(test)]
mod tests {
    use ase_engine::event::Draft;

    use super::*;

    fn event(event_type: &str, attribute: &str) -> Draft {
        let attributes = [("ana@example.com".to_owned(), attribute.into())].into_iter().collect();
        Draft { event_type: Some(event_type.to_owned()), attributes, ..Draft::default() }
    }

    #[test]
    fn differences_are_named_without_what_stands_there() {
        let live = Received::Events(vec![event("order.created", "1"), event("order.created", "1")]);
        let shadow = Received::Events(vec![event("order.created", "2"), event("order.paid", "1")]);
        assert_eq!(pointers(&live, &live.clone()), Vec::<String>::new());
        assert_eq!(pointers(&live, &shadow), ["/events/0/attributes", "/events/1/type"]);
        let fewer = Received::Events(vec![event("order.created", "1")]);
        assert_eq!(pointers(&live, &fewer), ["/events"]);
        let ignored = Received::Ignored { reason: "of no concern to ana@example.com".to_owned() };
        assert_eq!(pointers(&live, &ignored), ["/events", "/ignored"]);
        let many = Received::Events(vec![event("a", "1"); 50]);
        let other = Received::Events(vec![event("b", "1"); 50]);
        assert_eq!(pointers(&many, &other).len(), MAX_POINTERS);
    }
}
