//! One call: a fresh store, its limits, the guest's two functions, and what went wrong if something did.
//!
//! A store lives for one delivery and is dropped, so nothing of one delivery can reach another.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::{Duration, Instant};

use wasmtime::{PoolConcurrencyLimitError, Store, Trap, UpdateDeadline};

use super::beat::Running;
use super::bindings::{self, Claim, Outcome, Proof};
use super::component::{Loaded, Prepared};
use super::confinement::Confinement;
use super::convert::{self, Request};
use super::limits::Limits;
use super::versions::{Spoken, Voice};
use super::{CallError, Delivery, Fault, Received, Refusal, Trust, beat, claims};

/// Bytes that a guest may hand to the host in one answer. The host's own form of a record is larger than the
/// text in it, so this is some multiple of the text that [`convert`] accepts.
const MAX_LIFTED: usize = 4 << 20;
/// Resource handles that a guest may hold.
const MAX_HANDLES: usize = 64;
/// An operator reads from the manifest whether anything unsigned is answered.
const UNDECLARED_GREETING: &str =
    "the connector answers an unsigned greeting, and its manifest does not say `greets = true`";
/// How many deadlines a guest may spend waiting inside the host before it is given up.
const PATIENCE: u32 = 10;

/// What a call did on its way, for whoever writes a connector. What is not reached stays at zero.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// What the guest said must be true.
    pub(super) claims: Vec<Claim>,
    /// The place of the secret that held.
    pub(super) secret: Option<usize>,
    /// The guest's own no in `authenticate`.
    pub(super) refusal: Option<Refusal>,
    /// Time to a started instance.
    pub(super) instantiate: Duration,
    /// Time in `authenticate`.
    pub(super) authenticate: Duration,
    /// Time in `normalize`.
    pub(super) normalize: Duration,
    /// Bytes of all memories of the instance in the end, which is when they are most.
    pub(super) memory: usize,
}

/// Asked before `normalize`, when the delivery is known to be authentic; its fault keeps the guest from being called.
pub(super) type Gate<'a> = &'a mut (dyn FnMut() -> Result<(), Fault> + Send);

/// The gate of whoever wants to see a connector fail.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a gate")]
pub(super) fn open() -> Result<(), Fault> {
    Ok(())
}

/// Runs one delivery through a connector, and notes what was on the way: there is one way, so what the kit shows is
/// what a server does. Without `trust` its claims count as held before.
///
/// # Errors
/// The guest's or the host's fault, and whether the claims had held by then.
pub(super) async fn traced(
    loaded: &Loaded,
    delivery: &Delivery,
    trust: Option<&Trust>,
    gate: Gate<'_>,
    trace: &mut Trace,
) -> Result<Received, CallError> {
    match &loaded.prepared {
        Prepared::Bare(pre) => run_in(pre, loaded, delivery, trust, gate, trace).await,
        Prepared::InertWasi(pre) => run_in(pre, loaded, delivery, trust, gate, trace).await,
    }
}

async fn run_in<C: Confinement>(
    pre: &Spoken<C>,
    loaded: &Loaded,
    delivery: &Delivery,
    trust: Option<&Trust>,
    gate: Gate<'_>,
    trace: &mut Trace,
) -> Result<Received, CallError> {
    if trust.is_none() {
        gate().map_err(|fault| CallError::new(fault, true))?;
    }
    let started = timed(&mut trace.instantiate, Instance::start(pre, loaded.limits)).await;
    let mut instance = started.map_err(|fault| CallError::new(fault, trust.is_none()))?;
    let answer = ask(&mut instance, loaded, delivery, trust, gate, trace).await;
    trace.memory = instance.store.data_mut().limiter().used();
    answer
}

/// The guest's two functions with the host's check between them.
async fn ask<C: Confinement>(
    instance: &mut Instance<C>,
    loaded: &Loaded,
    delivery: &Delivery,
    trust: Option<&Trust>,
    gate: Gate<'_>,
    trace: &mut Trace,
) -> Result<Received, CallError> {
    let after = |fault| CallError::new(fault, true);
    let request = Request::new(delivery, &loaded.manifest.headers.allow);
    let (headers, settings) = (request.headers(), request.settings());
    if let Some(trust) = trust {
        let before = |fault| CallError::new(fault, false);
        let asked = instance.authenticate(request.record(&headers, &settings));
        match timed(&mut trace.authenticate, asked).await.map_err(before)? {
            Ok(Proof::Claims(claims)) => trace.claims = claims,
            Ok(Proof::Greeting(answer)) if loaded.manifest.greets => {
                return convert::greeting(answer).map_err(before);
            }
            Ok(Proof::Greeting(_)) => return Ok(Received::Unauthenticated(UNDECLARED_GREETING.to_owned())),
            Err(refusal) => {
                let refusal = trace.refusal.insert(convert::refusal(refusal));
                return Ok(Received::Unauthenticated(refusal.message.clone()));
            }
        }
        let evidence = claims::Evidence {
            headers: &headers,
            query: &delivery.query,
            url: &delivery.url,
            body: &delivery.body,
            received_at: delivery.received_at,
            signs: loaded.manifest.signs,
        };
        match claims::check(&trace.claims, evidence, trust).map_err(before)? {
            Ok(place) => trace.secret = Some(place),
            Err(failure) => return Ok(Received::Unauthenticated(failure.to_string())),
        }
        gate().map_err(after)?;
    }
    let asked = instance.normalize(request.record(&headers, &settings));
    convert::outcome(timed(&mut trace.normalize, asked).await.map_err(after)?).map_err(after)
}

/// Notes how long a step took.
async fn timed<T>(took: &mut Duration, step: impl Future<Output = T>) -> T {
    let started = Instant::now();
    let done = step.await;
    *took = started.elapsed();
    done
}

/// One instance in a store of its own.
pub(super) struct Instance<C: Confinement> {
    store: Store<C>,
    voice: Voice,
    patience: Option<Duration>,
    _running: Running,
}

impl<C: Confinement> Instance<C> {
    /// Instantiates for real; a guest whose types differ from the interface's is found out here.
    pub(super) async fn start(pre: &Spoken<C>, limits: Limits) -> Result<Self, Fault> {
        let running = beat::running();
        let mut store = Store::new(pre.engine(), C::new(limits));
        store.limiter(|confinement| confinement.limiter());
        store.set_hostcall_fuel(MAX_LIFTED);
        store.set_max_component_handles(MAX_HANDLES);
        set_deadline(&mut store, limits.ticks);
        let patience = C::MAY_WAIT.then(|| limits.deadline().saturating_mul(PATIENCE));
        let voice = guarded(patience, pre.instantiate(&mut store)).await?;
        let voice = voice.map_err(|error| fault(store.data_mut(), &error))?;
        Ok(Self { store, voice, patience, _running: running })
    }

    /// What must be true for the delivery to be authentic, as the guest says.
    async fn authenticate(
        &mut self,
        delivery: bindings::Delivery<'_>,
    ) -> Result<Result<Proof, bindings::Refusal>, Fault> {
        let said = guarded(self.patience, self.voice.authenticate(&mut self.store, delivery)).await?;
        said.map_err(|error| fault(self.store.data_mut(), &error))
    }

    /// What the delivery becomes, as the guest says.
    async fn normalize(
        &mut self,
        delivery: bindings::Delivery<'_>,
    ) -> Result<Result<Outcome, bindings::Refusal>, Fault> {
        let said = guarded(self.patience, self.voice.normalize(&mut self.store, delivery)).await?;
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
