//! What a store of one call holds: the limiter, and for granted components a WASI in which there is nothing.

use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use super::limits::{Limiter, Limits};

/// The state of one store.
pub(super) trait Confinement: Send + 'static {
    /// True where a guest can wait inside the host, which no epoch ends.
    const MAY_WAIT: bool;

    /// A fresh one for one call.
    fn new(limits: Limits) -> Self;

    /// The limiter that the store asks.
    fn limiter(&mut self) -> &mut Limiter;
}

/// For components without any import.
pub(super) struct Bare {
    limiter: Limiter,
}

impl Confinement for Bare {
    const MAY_WAIT: bool = false;

    fn new(limits: Limits) -> Self {
        Self { limiter: Limiter::new(limits) }
    }

    fn limiter(&mut self) -> &mut Limiter {
        &mut self.limiter
    }
}

/// For components that were granted inert WASI: no files, sockets, environment, arguments or standard streams;
/// clocks that stand still and randomness that is the same in every call.
pub(super) struct InertWasi {
    limiter: Limiter,
    context: WasiCtx,
    table: ResourceTable,
}

impl Confinement for InertWasi {
    const MAY_WAIT: bool = true;

    fn new(limits: Limits) -> Self {
        let context = WasiCtxBuilder::new()
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .wall_clock(StandingClock)
            .monotonic_clock(StandingClock)
            .secure_random(StdRng::seed_from_u64(0))
            .insecure_random(StdRng::seed_from_u64(0))
            .insecure_random_seed(0)
            .max_random_size(64 << 10)
            .build();
        Self { limiter: Limiter::new(limits), context, table: ResourceTable::new() }
    }

    fn limiter(&mut self) -> &mut Limiter {
        &mut self.limiter
    }
}

impl WasiView for InertWasi {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.context, table: &mut self.table }
    }
}

/// A clock that shows the epoch, always.
struct StandingClock;

impl HostWallClock for StandingClock {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

impl HostMonotonicClock for StandingClock {
    fn resolution(&self) -> u64 {
        1_000_000_000
    }

    fn now(&self) -> u64 {
        0
    }
}
