//! The one wasmtime engine of the process: its settings, its pool and its cache.

use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use wasmtime::{
    Cache, CacheConfig, Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
};

use super::limits::{MAX_MEMORY_MIB, MAX_TABLE_ELEMENTS};
use super::{ConnectorsError, beat};

/// Instances beyond the permitted calls, so that a new component can be proved while every permit is taken.
const RESERVE: u32 = 8;

/// Linear memory that stays resident in a warm slot where the kernel tells which pages were touched.
const RESIDENT_WITH_PAGEMAP: usize = 1 << 20;
/// The same where it does not, and every kept byte is cleared by hand.
const RESIDENT_WITHOUT_PAGEMAP: usize = 256 << 10;

/// Builds the engine, whose guests are held to their deadlines from then on: with a pool, or on demand where the
/// address space does not suffice.
///
/// # Errors
/// The cache directory cannot be used, or this processor is not one wasmtime compiles for.
pub(super) fn build(max_concurrent: u32, cache_dir: Option<&Path>) -> Result<Engine, ConnectorsError> {
    let cache = cache_dir.map(cache).transpose()?;
    let mut config = settings(cache);
    config.allocation_strategy(pool(max_concurrent));
    let engine = Engine::new(&config).or_else(|error| {
        tracing::warn!(
            error = format!("{error:#}"),
            "the address space is too small for pooled connector instances; every call allocates anew and takes \
             about twice as long: raise the limit on virtual memory (ulimit -v, RLIMIT_AS)"
        );
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        Engine::new(&config).map_err(|error| ConnectorsError::Engine(format!("{error:#}")))
    })?;
    beat::follow(&engine)?;
    Ok(engine)
}

/// What holds for every guest. Fuel stays off: epochs cost less and are what production needs.
fn settings(cache: Option<Cache>) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .concurrency_support(false)
        .memory_init_cow(true)
        .max_wasm_stack(512 << 10)
        .relaxed_simd_deterministic(true)
        .cache(cache);
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

/// The cache of compiled code. Whoever can write there can run native code here, so nobody else may.
fn cache(dir: &Path) -> Result<Cache, ConnectorsError> {
    let refused = |reason: String| ConnectorsError::Cache { dir: dir.to_owned(), reason };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| refused(error.to_string()))?;
    let found = std::fs::metadata(dir).map_err(|error| refused(error.to_string()))?;
    if found.mode() & 0o022 != 0 {
        return Err(refused("others may write there: chmod 700".to_owned()));
    }
    let dir = dir.canonicalize().map_err(|error| refused(error.to_string()))?;
    let mut config = CacheConfig::new();
    config.with_directory(dir);
    Cache::new(config).map_err(|error| refused(format!("{error:#}")))
}
