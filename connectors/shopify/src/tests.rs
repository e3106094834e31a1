//! Helpers of the tests. Owns how a test makes a delivery; never a verdict.

mod fixtures;
mod mutations;
mod replay;
mod samples;
mod vectors;

use crate::bindings::exports::ase::connector::normalizer::{Delivery, Header, Setting};

pub(crate) fn headers(list: &[(&str, &str)]) -> Vec<Header> {
    let header =
        |(name, value): &(&str, &str)| Header { name: (*name).to_owned(), value: value.as_bytes().to_vec() };
    list.iter().map(header).collect()
}

pub(crate) fn setting(name: &str, value: &str) -> Setting {
    Setting { name: name.to_owned(), value: value.to_owned() }
}

pub(crate) fn delivery(headers: Vec<Header>, body: &[u8]) -> Delivery {
    Delivery {
        id: "dlv_1".to_owned(),
        received_at: 1_787_227_200_000.0,
        headers,
        query: String::new(),
        body: body.to_vec(),
        settings: Vec::new(),
    }
}
