//! `Beat`: the clock that holds every guest to its deadline, and rests while none runs.
//!
//! Wasmtime interrupts a guest when its engine's epoch has moved on (`Engine::increment_epoch`). A thread of the
//! system moves it, not a task: a guest that keeps every worker busy cannot stop it. There is one beat for the whole
//! process and [`Running`] is taken where an instance is made, so no call can be forgotten.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Thread;
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

use super::ConnectorsError;

/// How long one epoch lasts. Deadlines count in it.
const TICK: Duration = Duration::from_millis(1);
/// Ticks without any guest after which the thread rests. Calls that follow each other need not wake it each time.
const WIND_DOWN: u32 = 100;

/// The one of this process, once it is needed.
static BEAT: Mutex<Option<Arc<Beat>>> = Mutex::new(None);
/// Guests that run now, in any engine.
static RUNNING: Count = Count::new();

/// Guests that run, and the thread to wake when the first of them begins.
#[derive(Debug)]
struct Count {
    guests: AtomicUsize,
    resting: AtomicBool,
    sleeper: Mutex<Option<Thread>>,
}

/// A guest that runs, or waits inside the host for its turn to go on.
#[derive(Debug)]
pub(super) struct Running(&'static Count);

/// The engines to tick for.
#[derive(Default)]
struct Beat {
    engines: Mutex<Vec<EngineWeak>>,
}

/// Counts a guest in, until what is returned is dropped.
pub(super) fn running() -> Running {
    Running::of(&RUNNING)
}

/// From now on guests of this engine are held to their deadlines, until it is dropped.
///
/// # Errors
/// The system allows no further thread.
pub(super) fn follow(engine: &Engine) -> Result<(), ConnectorsError> {
    let mut started = BEAT.lock().unwrap_or_else(PoisonError::into_inner);
    let beat = if let Some(beat) = &*started {
        Arc::clone(beat)
    } else {
        let beat = Arc::new(Beat::default());
        start(&RUNNING, Arc::clone(&beat))
            .map_err(|error| ConnectorsError::Engine(format!("no thread for the epoch: {error}")))?;
        Arc::clone(started.insert(beat))
    };
    beat.engines.lock().unwrap_or_else(PoisonError::into_inner).push(engine.weak());
    Ok(())
}

/// Starts the thread, which lives as long as the process.
fn start(count: &'static Count, beat: Arc<Beat>) -> std::io::Result<()> {
    let work = move || {
        *count.sleeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::thread::current());
        loop {
            beat_until_idle(count, || beat.tick());
            count.rest();
        }
    };
    std::thread::Builder::new().name("connector-epoch".to_owned()).spawn(work).map(drop)
}

/// Ticks until nothing has run for a while.
fn beat_until_idle(count: &Count, mut tick: impl FnMut()) {
    let mut idle = 0;
    while idle < WIND_DOWN {
        std::thread::sleep(TICK);
        tick();
        idle = if count.is_idle() { idle.saturating_add(1) } else { 0 };
    }
}

impl Beat {
    fn tick(&self) {
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        engines.retain(|engine| match engine.upgrade() {
            Some(engine) => {
                engine.increment_epoch();
                true
            }
            None => false,
        });
    }
}

impl Count {
    const fn new() -> Self {
        Self { guests: AtomicUsize::new(0), resting: AtomicBool::new(false), sleeper: Mutex::new(None) }
    }

    fn is_idle(&self) -> bool {
        self.guests.load(Ordering::SeqCst) == 0
    }

    /// Parks this thread until a guest runs. It says that it rests and then looks for guests; a guest counts itself in
    /// and then looks whether it rests. In whichever order that happens, one sees the other, and a wake-up that comes
    /// before the parking is kept by the thread.
    fn rest(&self) {
        self.resting.store(true, Ordering::SeqCst);
        while self.is_idle() {
            std::thread::park();
        }
        self.resting.store(false, Ordering::SeqCst);
    }

    fn wake(&self) {
        if let Some(sleeper) = &*self.sleeper.lock().unwrap_or_else(PoisonError::into_inner) {
            sleeper.unpark();
        }
    }
}

impl Running {
    fn of(count: &'static Count) -> Self {
        count.guests.fetch_add(1, Ordering::SeqCst);
        if count.resting.load(Ordering::SeqCst) {
            count.wake();
        }
        Self(count)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.guests.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits for what must come; a test that waits for ever has failed.
    fn until(come: impl Fn() -> bool) {
        while !come() {
            std::thread::yield_now();
        }
    }

    /// A beat of its own, and how often it has ticked.
    fn ticking() -> (&'static Count, &'static AtomicUsize) {
        let count: &'static Count = Box::leak(Box::new(Count::new()));
        let ticks: &'static AtomicUsize = Box::leak(Box::default());
        std::thread::spawn(move || {
            *count.sleeper.lock().unwrap() = Some(std::thread::current());
            loop {
                beat_until_idle(count, || {
                    ticks.fetch_add(1, Ordering::SeqCst);
                });
                count.rest();
            }
        });
        (count, ticks)
    }

    #[test]
    fn no_guest_no_tick() {
        let (count, ticks) = ticking();
        until(|| count.resting.load(Ordering::SeqCst));
        let before = ticks.load(Ordering::SeqCst);
        // woken for nothing, it rests on
        for _ in 0..1000 {
            count.wake();
            std::thread::yield_now();
        }
        assert_eq!(ticks.load(Ordering::SeqCst), before);
    }

    #[test]
    fn guest_that_begins_while_it_rests_is_ticked_for_as_long_as_it_runs() {
        let (count, ticks) = ticking();
        until(|| count.resting.load(Ordering::SeqCst));
        let before = ticks.load(Ordering::SeqCst);
        let guest = Running::of(count);
        // longer than the beat would go on by itself
        until(|| ticks.load(Ordering::SeqCst) > before + 3 * WIND_DOWN as usize);
        assert!(!count.resting.load(Ordering::SeqCst));
        drop(guest);
        until(|| count.resting.load(Ordering::SeqCst));
    }

    #[test]
    fn guests_that_begin_just_when_it_goes_to_rest_are_never_forgotten() {
        let count: &'static Count = Box::leak(Box::new(Count::new()));
        let rounds: &'static AtomicUsize = Box::leak(Box::default());
        std::thread::spawn(move || {
            *count.sleeper.lock().unwrap() = Some(std::thread::current());
            loop {
                count.rest();
                rounds.fetch_add(1, Ordering::SeqCst);
            }
        });
        until(|| count.sleeper.lock().unwrap().is_some());
        for _ in 0..20_000 {
            let guest = Running::of(count);
            let before = rounds.load(Ordering::SeqCst);
            until(|| rounds.load(Ordering::SeqCst) > before);
            drop(guest);
        }
    }
}
