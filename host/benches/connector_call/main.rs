//! What a call of a connector costs: a fresh instance, `authenticate`, the check of the signature and
//! `normalize`, for orders of about 1, 10 and 118 KB; and beside it the same connector's code compiled natively.
//!
//! `cargo bench -p ase-host --bench connector_call`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops where it cannot go on"
)]

mod agreement;
mod component;
mod figures;
mod native;
mod orders;

use std::hint::black_box;
use std::time::{Duration, Instant};

use ase_host::connectors::Delivery;
use component::Component;
use figures::{Quantiles, Times};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let component = Component::start().await;
    for order in orders::all() {
        println!("{order}");
        measure(&component, &order.delivery()).await;
    }
    component.connectors.stop().await;
}

/// One body, through the component and natively in turn: what else the machine does then weighs on both alike.
async fn measure(component: &Component, delivery: &Delivery) {
    let (_, said) = component.receive(delivery).await;
    assert_eq!(said, agreement::received(&native::receive(delivery).1));
    let (mut whole, mut normalize, mut native) = (Times::new(), Times::new(), Times::new());
    for _ in 0..figures::rounds(delivery.body.len()) {
        whole.push(component.receive(delivery).await.0);
        normalize.push(renormalize(component, delivery).await);
        native.push(native::receive(delivery).0);
    }
    let (whole, normalize, native) = (Quantiles::of(whole), Quantiles::of(normalize), Quantiles::of(native));
    figures::heading();
    whole.print("component: instantiate + authenticate + check + normalize");
    normalize.print("component: instantiate + normalize");
    native.print("native: authenticate + check + normalize");
    whole.ratio("component / native", &native);
    whole.aim(&native);
    println!();
}

/// What comes after a delivery was found authentic.
async fn renormalize(component: &Component, delivery: &Delivery) -> Duration {
    let started = Instant::now();
    black_box(component.connectors.renormalize(component::CONNECTOR, delivery).await.unwrap());
    started.elapsed()
}
