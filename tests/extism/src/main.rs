//! What a call of a connector costs, beside native code and beside the same connector as a plugin of extism, in one
//! run, for orders of about 1, 10 and 118 KB.
//!
//! `make bench-extism`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops where it cannot go on"
)]

#[path = "../../../host/benches/connector_call/agreement.rs"]
mod agreement;
#[path = "../../../host/benches/connector_call/component.rs"]
mod component;
#[path = "../../../host/benches/connector_call/figures.rs"]
mod figures;
#[path = "../../../host/benches/connector_call/native.rs"]
mod native;
#[path = "../../../host/benches/connector_call/orders.rs"]
mod orders;
mod plugins;

use ase_host::connectors::Delivery;
use component::Component;
use figures::{Quantiles, Times};
use plugins::Plugins;

/// Calls of one way before the next has its turn.
const TURNS: [usize; 2] = [100, 1];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let component = Component::start().await;
    let limits = component.connectors.manifest(component::CONNECTOR).unwrap().limits;
    let mut plugins = Plugins::new(limits);
    for order in orders::all() {
        println!("{order}");
        let delivery = order.delivery();
        agree(&component, &mut plugins, &delivery).await;
        for turn in TURNS {
            measure(&component, &mut plugins, &delivery, turn).await;
        }
    }
    component.connectors.stop().await;
}

/// All ways make the same events of a body.
async fn agree(component: &Component, plugins: &mut Plugins, delivery: &Delivery) {
    let (owned, (_, said)) = (native::owned(delivery), native::receive(delivery));
    assert_eq!(component.receive(delivery).await.1, agreement::received(&said));
    assert_eq!(plugins.receive_afresh(&owned).1, said);
    assert_eq!(plugins.receive_again(&owned).1, said);
}

/// One body, every way in turn, `turn` calls each: what else the machine does then weighs on all alike. With one call a
/// turn each way finds the processor's caches full of the others; with more, mostly as its own calls leave them.
async fn measure(component: &Component, plugins: &mut Plugins, delivery: &Delivery, turn: usize) {
    let owned = native::owned(delivery);
    let (mut ours, mut native, mut fresh, mut reused) =
        (Times::new(), Times::new(), Times::new(), Times::new());
    for _ in 0..figures::rounds(delivery.body.len()) / turn {
        for _ in 0..turn {
            ours.push(component.receive(delivery).await.0);
        }
        native.extend(std::iter::repeat_with(|| native::receive(delivery).0).take(turn));
        fresh.extend(std::iter::repeat_with(|| plugins.receive_afresh(&owned).0).take(turn));
        reused.extend(std::iter::repeat_with(|| plugins.receive_again(&owned).0).take(turn));
    }
    let [ours, native, fresh, reused] = [ours, native, fresh, reused].map(Quantiles::of);
    println!("{turn} calls of each in turn");
    figures::heading();
    ours.print("component: instantiate + authenticate + check + normalize");
    native.print("native: authenticate + check + normalize");
    fresh.print("extism: instantiate + authenticate + check + normalize");
    reused.print("extism, one instance for all: the same without instantiate");
    ours.ratio("component / native", &native);
    fresh.ratio("extism / native", &native);
    fresh.ratio("extism / component", &ours);
    reused.ratio("extism, one instance for all / component", &ours);
    ours.aim(&native);
    ours.verdict("aim: extism", fresh.p50);
    ours.verdict("aim: extism, one instance for all", reused.p50);
    println!();
}
