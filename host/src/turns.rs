//! `Turns`: a few at a time, a few more in line, and everybody else is told at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// Work that costs so much that only a few may do it at one time.
#[derive(Debug)]
pub(crate) struct Turns {
    /// Those who work.
    seats: Arc<Semaphore>,
    /// Those who work or wait.
    places: Semaphore,
    /// How long somebody waits for a seat.
    patience: Duration,
}

impl Turns {
    /// `seats` work at one time, and with those who wait there are at most `places`.
    pub(crate) fn new(seats: usize, places: usize, patience: Duration) -> Self {
        Self { seats: Arc::new(Semaphore::new(seats)), places: Semaphore::new(places), patience }
    }

    /// Does `work` when its turn comes; `None` when the line is full or the turn does not come in time. What was begun
    /// keeps its seat until it is done, also when whoever asked for it has gone: hanging up frees nothing.
    pub(crate) async fn take<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let _place = self.places.try_acquire().ok()?;
        let seat = Arc::clone(&self.seats).acquire_owned();
        let seat = tokio::time::timeout(self.patience, seat).await.ok()?.ok()?;
        let working = tokio::spawn(async move {
            let done = work.await;
            drop(seat);
            done
        });
        match working.await {
            Ok(done) => Some(done),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // the server ends
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const LONG: Duration = Duration::from_hours(1);

    /// Work that counts who does it at one time, and goes on until the gate is opened.
    struct Bench {
        turns: Turns,
        working: AtomicUsize,
        most: AtomicUsize,
        gate: Semaphore,
    }

    impl Bench {
        fn new(seats: usize, places: usize) -> Arc<Self> {
            let turns = Turns::new(seats, places, LONG);
            let counts = [AtomicUsize::new(0), AtomicUsize::new(0)];
            let [working, most] = counts;
            Arc::new(Self { turns, working, most, gate: Semaphore::new(0) })
        }

        fn call(self: &Arc<Self>) -> tokio::task::JoinHandle<Option<()>> {
            let bench = Arc::clone(self);
            tokio::spawn(async move {
                let work = Arc::clone(&bench);
                bench.turns.take(async move { work.work().await }).await
            })
        }

        async fn work(&self) {
            let now = self.working.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            self.gate.acquire().await.unwrap().forget();
            self.working.fetch_sub(1, Ordering::SeqCst);
        }

        fn counts(&self) -> (usize, usize) {
            (self.working.load(Ordering::SeqCst), self.most.load(Ordering::SeqCst))
        }
    }

    /// Lets all others go as far as they can: there is one thread.
    async fn settle() {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn hanging_up_frees_no_seat() {
        let bench = Bench::new(2, 64);
        let first: Vec<_> = (0..16).map(|_| bench.call()).collect();
        settle().await;
        assert_eq!(bench.counts(), (2, 2));
        for call in &first {
            call.abort();
        }
        let second: Vec<_> = (0..16).map(|_| bench.call()).collect();
        settle().await;
        assert_eq!(bench.counts(), (2, 2), "those who began go on, so nobody else may begin");
        bench.gate.add_permits(64);
        for call in second {
            assert_eq!(call.await.unwrap(), Some(()));
        }
        assert_eq!(bench.counts(), (0, 2));
    }

    #[tokio::test]
    async fn who_finds_the_line_full_is_told_at_once() {
        let bench = Bench::new(1, 4);
        let calls: Vec<_> = (0..9).map(|_| bench.call()).collect();
        settle().await;
        let told = calls.iter().filter(|call| call.is_finished()).count();
        assert_eq!(told, 5, "one works, three wait");
        bench.gate.add_permits(9);
        let mut done = 0;
        for call in calls {
            done += usize::from(call.await.unwrap().is_some());
        }
        assert_eq!(done, 4);
    }
}
