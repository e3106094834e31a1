//! The one wasmtime engine of the process: its settings and its pool.

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::limits::{MAX_MEMORY_MIB, MAX_TABLE_ELEMENTS};
use super::{ConnectorsError, beat};

/// Instances beyond the permitted calls, so that a new component can be proved while every permit is taken.
const RESERVE: u32 = 8;

/// Linear memory that stays resident in a warm slot where the kernel tells which pages were touched.
const RESIDENT_WITH_PAGEMAP: usize = 1 << 20;
/// The same where it does not, and every kept byte is cleared by hand.
const RESIDENT_WITHOUT_PAGEMAP: usize = 256 << 10;

/// Where an engine's instances live. Code suits engines of the same kind alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allocation {
    /// In a pool for so many calls at one time.
    Pooled(u32),
    /// In memory that each of them asks for anew.
    OnDemand,
}

/// Builds the engine, whose guests are held to their deadlines from then on: with a pool, or on demand where the
/// address space does not suffice.
///
/// # Errors
/// This processor is not one wasmtime compiles for.
pub(super) fn build(max_concurrent: u32) -> Result<(Engine, Allocation), ConnectorsError> {
    let pooled = Allocation::Pooled(max_concurrent);
    let built = of(pooled).map(|engine| (engine, pooled)).or_else(|error| {
        tracing::warn!(
            error = format!("{error:#}"),
            "the address space is too small for pooled connector instances; every call allocates anew and takes \
             about twice as long: raise the limit on virtual memory (ulimit -v, RLIMIT_AS)"
        );
        of(Allocation::OnDemand).map(|engine| (engine, Allocation::OnDemand))
    });
    let (engine, allocation) = built.map_err(|error| ConnectorsError::Engine(format!("{error:#}")))?;
    beat::follow(&engine)?;
    Ok((engine, allocation))
}

/// An engine for compiling alone: nothing holds its guests to their deadlines.
///
/// # Errors
/// The address space does not suffice, or this processor is not one wasmtime compiles for.
pub(super) fn of(allocation: Allocation) -> wasmtime::Result<Engine> {
    let mut config = settings();
    config.allocation_strategy(match allocation {
        Allocation::Pooled(max_concurrent) => pool(max_concurrent).into(),
        Allocation::OnDemand => InstanceAllocationStrategy::OnDemand,
    });
    Engine::new(&config)
}

/// What holds for every guest. Fuel stays off: epochs cost less and are what production needs.
fn settings() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .concurrency_support(false)
        .memory_init_cow(true)
        .max_wasm_stack(512 << 10)
        .relaxed_simd_deterministic(true);
    config
}

/// One slot a permitted call and a few in reserve. The shapes leave room for a JavaScript or Python engine.
fn pool(max_concurrent: u32) -> PoolingAllocationConfig {
    let slots = max_concurrent.saturating_add(RESERVE);
    let pagemap = PoolingAllocationConfig::is_pagemap_scan_available();
    let resident = if pagemap { RESIDENT_WITH_PAGEMAP } else { RESIDENT_WITHOUT_PAGEMAP };
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(16))
        .total_memories(slots.saturating_mul(2))
        .total_tables(slots.saturating_mul(4))
        .total_stacks(slots)
        .max_memory_size((MAX_MEMORY_MIB as usize) << 20)
        .table_elements(MAX_TABLE_ELEMENTS)
        .max_core_instances_per_component(64)
        .max_memories_per_component(8)
        .max_tables_per_component(64)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .linear_memory_keep_resident(resident)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    pool
}
