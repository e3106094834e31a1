//! Orders of about 1, 10 and 118 KB, as signed deliveries. Also part of `tests/extism`.

use std::fmt;
use std::path::PathBuf;

use ase_host::connectors::Delivery;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What the deliveries are signed with.
pub(crate) const SECRET: &str = "hush";
/// Where the fixtures are at hand, the order of about so many bytes.
const FIXTURES: [(&str, &str); 2] = [
    ("10 KB", "shopify/orders_create.2026-04.json"),
    ("118 KB", "shopify/orders_create.2026-04.large.assembled.json"),
];

/// One body, and where it comes from.
#[derive(Debug)]
pub(crate) struct Order {
    size: &'static str,
    origin: &'static str,
    body: String,
}

impl fmt::Display for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}, {} bytes", self.size, self.origin, self.body.len())
    }
}

/// An order of our own of 1 KB, and the provider's documented ones where the fixtures are at hand (`ASE_FIXTURES`),
/// else some of our own.
pub(crate) fn all() -> Vec<Order> {
    let fixtures = PathBuf::from(std::env::var_os("ASE_FIXTURES").unwrap_or_default());
    let mut orders = vec![Order::own("1 KB", 2)];
    for ((size, fixture), lines) in FIXTURES.into_iter().zip([47, 560]) {
        orders.push(match std::fs::read_to_string(fixtures.join(fixture)) {
            Ok(body) => Order { size, origin: fixture, body },
            Err(_) => Order::own(size, lines),
        });
    }
    orders
}

impl Order {
    /// A signed delivery of it.
    pub(crate) fn delivery(&self) -> Delivery {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(self.body.as_bytes());
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
            body: self.body.clone().into(),
            ..Delivery::default()
        }
    }

    fn own(size: &'static str, lines: usize) -> Self {
        let line = |id: usize| {
            format!(
                r#"{{"id":{id},"sku":"SKU-{id}","name":"A thing of some length, number {id}","quantity":1,"price":"19.90","gift_card":false,"taxable":true,"properties":[],"tax_lines":[{{"title":"VAT","rate":0.19,"price":"3.18"}}]}}"#
            )
        };
        let lines: Vec<String> = (1_000_000..).take(lines).map(line).collect();
        let head = r#""id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","created_at":"2026-03-02T10:15:30+01:00","updated_at":"2026-03-02T10:15:31+01:00","name":"1001","order_number":1001,"total_price":"935.30","currency":"EUR","test":false,"browser_ip":"203.0.113.9","customer":{"id":115310627314723954,"email":"jon@example.com"},"billing_address":{"country_code":"DE"},"shipping_address":{"country_code":"DE"}"#;
        let body = format!("{{{head},\"line_items\":[{}]}}", lines.join(","));
        Self { size, origin: "an order of our own", body }
    }
}
