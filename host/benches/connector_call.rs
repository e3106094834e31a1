//! What a call of a connector costs: a fresh instance, `authenticate`, the check of the signature and
//! `normalize`, for orders of about 1, 10 and 118 KB; and beside it the same connector's code compiled natively.
//!
//! `cargo bench -p ase-host --bench connector_call`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops where it cannot go on"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ase_host::connectors::{Connectors, ConnectorsConfig, Delivery, Received, Signers, Trust};
use ase_native_connector::{Connector, Header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const CONNECTOR: &str = "shopify";
const SECRET: &str = "hush";
const WARM_UP: usize = 2_000;
const CALLS: usize = 20_000;
/// The aim: at most so many times what native code takes, and so many microseconds more.
const AIM: (f64, f64) = (2.0, 25.0);
/// Where the fixtures are at hand, the order of about so many bytes.
const FIXTURES: [(&str, &str); 2] = [
    ("10 KB", "shopify/orders_create.2026-04.json"),
    ("118 KB", "shopify/orders_create.2026-04.large.assembled.json"),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = ConnectorsConfig {
        dir: None,
        cache_dir: None,
        max_concurrent: 192,
        grants: BTreeMap::new(),
        signers: Signers::default(),
    };
    let connectors = Connectors::start(config).await.unwrap();
    for (size, origin, body) in orders() {
        println!("{size}: {origin}, {} bytes", body.len());
        measure(&connectors, &delivery(&body)).await;
    }
    connectors.stop().await;
}

/// One body, through the component and natively in turn: what else the machine does then weighs on both alike.
async fn measure(connectors: &Connectors, delivery: &Delivery) {
    let trust = Trust {
        secrets: vec![SECRET.into()],
        tolerance: Duration::from_mins(5),
        allow_sha1: false,
        accept_partial: false,
    };
    // as long for each size
    let calls = CALLS.min(CALLS * 12_000 / delivery.body.len()).max(2_000);
    let (mut whole, mut normalize, mut direct) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..WARM_UP + calls {
        let started = Instant::now();
        let answer = connectors.receive(CONNECTOR, delivery, &trust).await.unwrap().received;
        whole.push(started.elapsed());
        assert!(matches!(answer, Received::Events(_)), "{answer:?}");
        let started = Instant::now();
        black_box(connectors.renormalize(CONNECTOR, delivery).await.unwrap());
        normalize.push(started.elapsed());
        direct.push(native(delivery));
    }
    let (whole, normalize, native) = (Quantiles::of(whole), Quantiles::of(normalize), Quantiles::of(direct));
    println!("{:<58}{:>10}{:>10}", "", "p50 µs", "p99 µs");
    whole.print("component: instantiate + authenticate + check + normalize");
    normalize.print("component: instantiate + normalize");
    native.print("native: authenticate + check + normalize");
    println!("{:<58}{:>10.2}{:>10.2}", "component / native", whole.p50 / native.p50, whole.p99 / native.p99);
    let aim = native.p50 * AIM.0 + AIM.1;
    let verdict = if whole.p50 <= aim { "met" } else { "missed" };
    println!("{:<58}{aim:>10.1}{verdict:>10}\n", format!("aim: {} x native + {} µs", AIM.0, AIM.1));
}

/// The same work without a sandbox. Each function takes its own copy of the delivery, as a component does.
fn native(delivery: &Delivery) -> Duration {
    let started = Instant::now();
    let claims = Connector::authenticate(owned(delivery)).unwrap();
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&delivery.body);
    mac.verify_slice(claims.first().and_then(|claim| claim.signatures.first()).unwrap()).unwrap();
    black_box(Connector::normalize(owned(delivery)).unwrap());
    started.elapsed()
}

fn owned(delivery: &Delivery) -> ase_native_connector::Delivery {
    let header = |(name, value): &(String, Vec<u8>)| Header { name: name.clone(), value: value.clone() };
    ase_native_connector::Delivery {
        id: delivery.id.clone(),
        received_at: 0.0,
        headers: delivery.headers.iter().map(header).collect(),
        query: delivery.query.clone(),
        body: delivery.body.to_vec(),
        settings: Vec::new(),
    }
}

/// A signed delivery of this body.
fn delivery(body: &str) -> Delivery {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("user-agent", "bench"),
        ("x-shopify-topic", "orders/create"),
        ("x-shopify-shop-domain", "example.myshopify.com"),
        ("x-shopify-api-version", "2026-04"),
        ("x-shopify-webhook-id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"),
        ("x-shopify-hmac-sha256", &signature),
    ];
    Delivery {
        id: "del_bench".to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())).to_vec(),
        body: body.to_owned().into(),
        ..Delivery::default()
    }
}

/// An order of our own of 1 KB, and the provider's documented ones where the fixtures are at hand, else some of our own.
fn orders() -> Vec<(&'static str, &'static str, String)> {
    let fixtures = std::env::var("ASE_FIXTURES")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/fixtures").to_owned());
    let mut orders = vec![("1 KB", "an order of our own", own(2))];
    for ((size, fixture), lines) in FIXTURES.into_iter().zip([47, 560]) {
        orders.push(match std::fs::read_to_string(Path::new(&fixtures).join(fixture)) {
            Ok(body) => (size, fixture, body),
            Err(_) => (size, "an order of our own", own(lines)),
        });
    }
    orders
}

fn own(lines: usize) -> String {
    let line = |id: usize| {
        format!(
            r#"{{"id":{id},"sku":"SKU-{id}","name":"A thing of some length, number {id}","quantity":1,"price":"19.90","gift_card":false,"taxable":true,"properties":[],"tax_lines":[{{"title":"VAT","rate":0.19,"price":"3.18"}}]}}"#
        )
    };
    let lines: Vec<String> = (1_000_000..).take(lines).map(line).collect();
    let head = r#""id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","created_at":"2026-03-02T10:15:30+01:00","updated_at":"2026-03-02T10:15:31+01:00","name":"1001","order_number":1001,"total_price":"935.30","currency":"EUR","test":false,"browser_ip":"203.0.113.9","customer":{"id":115310627314723954,"email":"jon@example.com"},"billing_address":{"country_code":"DE"},"shipping_address":{"country_code":"DE"}"#;
    format!("{{{head},\"line_items\":[{}]}}", lines.join(","))
}

/// Microseconds.
struct Quantiles {
    p50: f64,
    p99: f64,
}

impl Quantiles {
    /// Of all but the calls that warmed up.
    fn of(mut times: Vec<Duration>) -> Self {
        times.drain(..WARM_UP);
        times.sort_unstable();
        let at = |hundredths: usize| {
            times.get(times.len() * hundredths / 100).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
        };
        Self { p50: at(50), p99: at(99) }
    }

    fn print(&self, what: &str) {
        println!("{what:<58}{:>10.1}{:>10.1}", self.p50, self.p99);
    }
}
