//! One call: a fresh store, its limits, the guest's two functions, and what went wrong if something did.
//!
//! A store lives for one delivery and is dropped, so nothing of one delivery can reach another.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::Duration;

use wasmtime::{PoolConcurrencyLimitError, Store, Trap, UpdateDeadline};

use super::bindings::{self, Claim, Connector, ConnectorPre, Outcome};
use super::component::{Loaded, Prepared};
use super::confinement::Confinement;
use super::convert::{self, Request};
use super::limits::Limits;
use super::{CallError, Delivery, Fault, Received, Trust, claims};

/// Bytes that a guest may hand to the host in one answer. The host's own form of a record is larger than the
/// text in it, so this is some multiple of the text that [`convert`] accepts.
const MAX_LIFTED: usize = 4 << 20;
/// Resource handles that a guest may hold.
const MAX_HANDLES: usize = 64;
/// How many deadlines a guest may spend waiting inside the host before it is given up.
const PATIENCE: u32 = 10;

/// Runs one delivery through a connector. Without `trust` its claims count as held before.
///
/// # Errors
/// The guest's or the host's fault, and whether the claims had held by then.
pub(super) async fn run(
    loaded: &Loaded,
    delivery: &Delivery,
    trust: Option<&Trust>,
) -> Result<Received, CallError> {
    match &loaded.prepared {
        Prepared::Bare(pre) => run_in(pre, loaded, delivery, trust).await,
        Prepared::InertWasi(pre) => run_in(pre, loaded, delivery, trust).await,
    }
}

async fn run_in<C: Confinement>(
    pre: &ConnectorPre<C>,
    loaded: &Loaded,
    delivery: &Delivery,
    trust: Option<&Trust>,
) -> Result<Received, CallError> {
    let before = |fault| CallError { fault, verified: trust.is_none() };
    let request = Request::new(delivery, &loaded.manifest.headers.allow);
    let (headers, settings) = (request.headers(), request.settings());
    let mut instance = Instance::start(pre, loaded.limits).await.map_err(before)?;
    if let Some(trust) = trust {
        let claims = match instance.authenticate(request.record(&headers, &settings)).await.map_err(before)? {
            Ok(claims) => claims,
            Err(refusal) => return Ok(Received::Unauthenticated(convert::refusal(refusal).message)),
        };
        let evidence = claims::Evidence {
            headers: &headers,
            body: &delivery.body,
            received_at: delivery.received_at,
            signs: loaded.manifest.signs,
        };
        if let Err(failure) = claims::check(&claims, evidence, trust).map_err(before)? {
            return Ok(Received::Unauthenticated(failure.to_string()));
        }
    }
    let after = |fault| CallError { fault, verified: true };
    let said = instance.normalize(request.record(&headers, &settings)).await.map_err(after)?;
    convert::outcome(said).map_err(after)
}

/// One instance in a store of its own.
pub(super) struct Instance<C: Confinement> {
    store: Store<C>,
    connector: Connector,
    patience: Option<Duration>,
}

impl<C: Confinement> Instance<C> {
    /// Instantiates for real; a guest whose types differ from the interface's is found out here.
    pub(super) async fn start(pre: &ConnectorPre<C>, limits: Limits) -> Result<Self, Fault> {
        let mut store = Store::new(pre.engine(), C::new(limits));
        store.limiter(|confinement| confinement.limiter());
        store.set_hostcall_fuel(MAX_LIFTED);
        store.set_max_component_handles(MAX_HANDLES);
        set_deadline(&mut store, limits.ticks);
        let patience = C::MAY_WAIT.then(|| limits.deadline().saturating_mul(PATIENCE));
        let connector = guarded(patience, pre.instantiate_async(&mut store)).await?;
        let connector = connector.map_err(|error| fault(store.data_mut(), &error))?;
        Ok(Self { store, connector, patience })
    }

    /// What must be true for the delivery to be authentic, as the guest says.
    async fn authenticate(
        &mut self,
        delivery: bindings::Delivery<'_>,
    ) -> Result<Result<Vec<Claim>, bindings::Refusal>, Fault> {
        let normalizer = self.connector.ase_connector_normalizer();
        let said = guarded(self.patience, normalizer.call_authenticate(&mut self.store, delivery)).await?;
        said.map_err(|error| fault(self.store.data_mut(), &error))
    }

    /// What the delivery becomes, as the guest says.
    async fn normalize(
        &mut self,
        delivery: bindings::Delivery<'_>,
    ) -> Result<Result<Outcome, bindings::Refusal>, Fault> {
        let normalizer = self.connector.ase_connector_normalizer();
        let said = guarded(self.patience, normalizer.call_normalize(&mut self.store, delivery)).await?;
        said.map_err(|error| fault(self.store.data_mut(), &error))
    }
}

/// Lets the guest run for `ticks`, giving way to other tasks at each. A tick in which this thread did not run
/// counts at most once, so a busy machine does not shorten the deadline.
fn set_deadline<C>(store: &mut Store<C>, ticks: u32) {
    let mut left = ticks;
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        if left == 0 {
            return Ok(UpdateDeadline::Interrupt);
        }
        left -= 1;
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
    });
}

/// Drives a call so that a panic of the runtime ends the call and not the server, and so that a guest that
/// sleeps inside the host is given up.
async fn guarded<T>(patience: Option<Duration>, call: impl Future<Output = T>) -> Result<T, Fault> {
    let mut call = pin!(call);
    let caught =
        poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => std::task::Poll::Ready(Err(Fault::Panicked)),
        });
    match patience {
        Some(patience) => tokio::time::timeout(patience, caught).await.unwrap_or(Err(Fault::TimedOut)),
        None => caught.await,
    }
}

/// Sorts an error of wasmtime into the faults that an operator can act on.
fn fault<C: Confinement>(confinement: &mut C, error: &wasmtime::Error) -> Fault {
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => Fault::TimedOut,
        _ if confinement.limiter().denied() => Fault::OutOfMemory,
        Some(trap) => Fault::Trapped(trap.to_string()),
        None if error.is::<PoolConcurrencyLimitError>() => Fault::Busy,
        None => Fault::WrongShape(convert::plain(&format!("{error:#}"), convert::MAX_SENTENCE)),
    }
}
