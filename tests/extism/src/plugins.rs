//! The same connector as a plugin of extism, compiled once.

use std::time::{Duration, Instant};

use ase_host::connectors::LimitsSpec;
use ase_native_connector::{Claim, Delivery, Outcome, Refusal};
use extism::convert::Msgpack;
use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, ToBytes, Wasm};

use crate::native;

/// As a file: what stands in a manifest is copied for every instance.
const PLUGIN: &str = concat!(env!("OUT_DIR"), "/plugin.wasm");
/// Pages of WebAssembly in a MiB.
const PAGES: u32 = 16;
/// Of the clock, where the component's deadline is one of running: a shorter one would end the run when the machine is
/// busy, and costs the same.
const TIMEOUT: Duration = Duration::from_secs(1);

/// A plugin that was compiled, and one instance of it that stays.
pub(crate) struct Plugins {
    compiled: CompiledPlugin,
    kept: Plugin,
}

impl Plugins {
    /// Held to the memory that the component is held to; fuel stays off, as it is there.
    pub(crate) fn new(limits: LimitsSpec) -> Self {
        let manifest = Manifest::new([Wasm::file(PLUGIN)])
            .with_memory_max(limits.memory_mib * PAGES)
            .with_timeout(TIMEOUT);
        let compiled = CompiledPlugin::new(PluginBuilder::new(manifest).with_cache_disabled()).unwrap();
        let kept = Plugin::new_from_compiled(&compiled).unwrap();
        Self { compiled, kept }
    }

    /// An instance of its own for this delivery, as a component has: how long, and what came of it.
    pub(crate) fn receive_afresh(&self, delivery: &Delivery) -> (Duration, Outcome) {
        let started = Instant::now();
        let mut plugin = Plugin::new_from_compiled(&self.compiled).unwrap();
        let outcome = receive(&mut plugin, delivery);
        drop(plugin);
        (started.elapsed(), outcome)
    }

    /// The instance that all deliveries share: how long, and what came of it.
    pub(crate) fn receive_again(&mut self, delivery: &Delivery) -> (Duration, Outcome) {
        let started = Instant::now();
        let outcome = receive(&mut self.kept, delivery);
        (started.elapsed(), outcome)
    }
}

/// `authenticate`, the check of the signature and `normalize`. What crosses the border is written once for both.
fn receive(plugin: &mut Plugin, delivery: &Delivery) -> Outcome {
    let input = Msgpack(delivery).to_bytes().unwrap();
    let Msgpack(claims): Msgpack<Result<Vec<Claim>, Refusal>> =
        plugin.call("authenticate", input.as_slice()).unwrap();
    native::check(&claims.unwrap(), &delivery.body);
    let Msgpack(outcome): Msgpack<Result<Outcome, Refusal>> =
        plugin.call("normalize", input.as_slice()).unwrap();
    outcome.unwrap()
}
