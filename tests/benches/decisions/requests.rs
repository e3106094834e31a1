//! The bytes of what is sent: events of our own API, and orders signed by a platform.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::ground::Ground;

/// How many people there are.
pub(crate) const SUBJECTS: u64 = 10_000;
/// Least bytes of an order.
const ORDER_BYTES: usize = 10_000;

/// A source of requests, each about another event.
pub(crate) trait Requests: Send + Sync {
    /// Writes the next one.
    fn write(&self, request: &mut Vec<u8>);
    /// Whether an answer tells of a decision that was made now.
    fn is_new_decision(&self, status: u16, body: &[u8]) -> bool;
}

/// Payments through `POST /events/ingest`.
#[derive(Debug, Clone)]
pub(crate) struct Events {
    head: Arc<str>,
    next: Arc<AtomicU64>,
}

/// Orders through the connector of their platform.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    head: Arc<str>,
    body: Arc<[Piece]>,
    mac: Hmac<Sha256>,
    next: Arc<AtomicU64>,
    /// The file that the body comes from; `None` for a body of our own.
    pub(crate) fixture: Option<PathBuf>,
}

/// Part of an order's body.
#[derive(Debug)]
enum Piece {
    Same(String),
    Order,
    Customer,
    Email,
}

impl Events {
    /// None sent yet.
    pub(crate) fn new(ground: &Ground) -> Self {
        let head = format!(
            "POST /events/ingest HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
            content-type: application/json\r\n",
            ground.address, ground.key
        );
        Self { head: head.into(), next: Arc::new(AtomicU64::new(1)) }
    }
}

impl Requests for Events {
    fn write(&self, request: &mut Vec<u8>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let person = person(number);
        let cents = number * 37 % 9000 + 1000;
        let body = format!(
            r#"{{"id":"evt_{number:016}","type":"payment.created","occurred_at":"2026-03-02T10:15:30Z","subject":{{"id":"user_{person:06}","email":"user_{person:06}@example.com","phone":"+49301{person:06}","name":"Ana Lovelace","created_at":"2021-03-04T05:06:07Z","locale":"en-GB"}},"action":{{"description":"Pay Example Books","amount":{{"value":"{}.{:02}","currency":"EUR"}},"destination":{{"id":"merchant_{:03}","label":"Example Books"}}}},"device":{{"id":"device_{person:06}","ip":"10.{}.{}.9","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0","country":"DE","session_started_at":"2026-03-02T10:01:02Z"}},"links":[{{"type":"order","id":"order_{number:012}"}}],"attributes":{{"channel":"web","items":3}}}}"#,
            cents / 100,
            cents % 100,
            person % 500,
            person / 250,
            person % 250,
        );
        write!(request, "{}content-length: {}\r\n\r\n{body}", self.head, body.len()).unwrap();
    }

    fn is_new_decision(&self, status: u16, _: &[u8]) -> bool {
        status == 201
    }
}

impl Orders {
    /// None sent yet.
    pub(crate) fn new(ground: &Ground) -> Self {
        let head = format!(
            "POST /webhooks/shopify/{} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
            x-shopify-topic: orders/create\r\nx-shopify-shop-domain: example.myshopify.com\r\n\
            x-shopify-api-version: 2026-04\r\nx-shopify-triggered-at: 2026-03-02T10:15:30.123456789Z\r\n",
            ground.source_id, ground.address
        );
        let fixture = fixtures().join("shopify/orders_create.2026-04.json");
        let (text, fixture) = match std::fs::read_to_string(&fixture) {
            Ok(text) => (text, Some(fixture)),
            Err(_) => (own_order(), None),
        };
        let mac = Hmac::new_from_slice(ground.secret.as_bytes()).unwrap();
        Self {
            head: head.into(),
            body: pieces(&text).into(),
            mac,
            next: Arc::new(AtomicU64::new(1)),
            fixture,
        }
    }

    fn body(&self, number: u64) -> Vec<u8> {
        let person = person(number);
        let mut body = Vec::with_capacity(12 * 1024);
        for piece in self.body.iter() {
            match piece {
                Piece::Same(text) => body.extend_from_slice(text.as_bytes()),
                Piece::Order => write!(body, "{}", 820_000_000_000_000_000 + number).unwrap(),
                Piece::Customer => write!(body, "{}", 115_310_000_000_000_000 + person).unwrap(),
                Piece::Email => write!(body, "user_{person:06}@example.com").unwrap(),
            }
        }
        body
    }
}

impl Requests for Orders {
    fn write(&self, request: &mut Vec<u8>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let body = self.body(number);
        let signature = STANDARD.encode(self.mac.clone().chain_update(&body).finalize().into_bytes());
        write!(
            request,
            "{}x-shopify-webhook-id: b54557e4-bdd9-4b37-8a5f-{number:012x}\r\nx-shopify-hmac-sha256: {signature}\r\n\
            content-length: {}\r\n\r\n",
            self.head,
            body.len()
        )
        .unwrap();
        request.extend_from_slice(&body);
    }

    fn is_new_decision(&self, status: u16, body: &[u8]) -> bool {
        let has = |part: &[u8]| body.windows(part.len()).any(|window| window == part);
        status == 200 && has(br#""duplicate":false"#) && has(br#""session_id":"#)
    }
}

/// How many bytes the body of the first request has.
pub(crate) fn body_bytes(requests: &(impl Requests + Clone)) -> usize {
    let mut request = Vec::new();
    requests.write(&mut request);
    let head = request.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    request.len() - head
}

/// Who an event is about: people come in no order.
fn person(number: u64) -> u64 {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % SUBJECTS
}

/// The folder of bodies that providers publish, where there is one.
fn fixtures() -> PathBuf {
    PathBuf::from(std::env::var_os("ASE_FIXTURES").unwrap_or_default())
}

/// The sample of an order that the connector carries, with as many more lines as it takes.
fn own_order() -> String {
    let sample = include_str!("../../../connectors/shopify/samples/order.json");
    let mut order: Value = serde_json::from_str(sample).unwrap();
    order["shipping_address"] = order["billing_address"].clone();
    let mut number = 100;
    while order.to_string().len() < ORDER_BYTES {
        number += 1;
        let line =
            json!({ "id": number, "name": "Tea", "price": "20", "quantity": 1, "requires_shipping": true });
        order["line_items"].as_array_mut().unwrap().push(line);
    }
    order.to_string()
}

/// Cuts a body where the order, its customer and their address are named.
fn pieces(text: &str) -> Vec<Piece> {
    let order: Value = serde_json::from_str(text).unwrap();
    let (id, customer) = (order["id"].to_string(), order["customer"]["id"].to_string());
    let email = order["customer"]["email"].as_str().unwrap();
    let next = |rest: &str| {
        let found = [(&*id, Piece::Order), (&*customer, Piece::Customer), (email, Piece::Email)];
        let places =
            found.into_iter().filter_map(|(name, piece)| Some((rest.find(name)?, name.len(), piece)));
        places.min_by_key(|(place, ..)| *place)
    };
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((place, length, piece)) = next(rest) {
        let (same, named) = rest.split_at(place);
        pieces.extend([Piece::Same(same.to_owned()), piece]);
        rest = named.split_at(length).1;
    }
    pieces.push(Piece::Same(rest.to_owned()));
    pieces
}
