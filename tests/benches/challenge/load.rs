//! So many requests a second, or as many as can be.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::connection::Connection;

/// How many connections share the requests.
const LANES: u32 = 16;
/// How long a load runs before anything is counted, in seconds.
const WARM_UP: u32 = 2;

/// Where requests go, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    /// After the warm-up.
    pub(crate) seconds: u32,
}

impl Load {
    /// Sends `rate` requests a second at even times, whether those before are answered or not, and returns how long
    /// each took from the time at which it was due: an answer that is late makes what waits behind it late, too.
    pub(crate) fn paced(self, rate: u32, write: &(impl Fn(u32) -> Vec<u8> + Sync)) -> Vec<Duration> {
        let (begin, gap) = (Instant::now() + Duration::from_millis(50), Duration::from_secs(1) / rate);
        let (first, end) = (rate * WARM_UP, rate * (WARM_UP + self.seconds));
        let lane = |lane: u32| {
            let mut connection = Connection::open(self.address);
            let mut times = Vec::new();
            for number in (lane..end).step_by(LANES as usize) {
                let (request, due) = (write(number), begin + gap * number);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                connection.exchange(&request);
                if number >= first {
                    times.push(due.elapsed());
                }
            }
            times
        };
        lanes(lane).concat()
    }

    /// Sends the next request of each connection when its last one is answered, and returns how many were answered in a
    /// second.
    pub(crate) fn peak(self, write: &(impl Fn() -> Vec<u8> + Sync)) -> u32 {
        let from = Instant::now() + Duration::from_secs(WARM_UP.into());
        let until = from + Duration::from_secs(self.seconds.into());
        let lane = |_| {
            let mut connection = Connection::open(self.address);
            let mut answered = 0_u32;
            loop {
                connection.exchange(&write());
                let now = Instant::now();
                if now >= until {
                    return answered;
                }
                answered += u32::from(now >= from);
            }
        };
        lanes(lane).into_iter().sum::<u32>() / self.seconds
    }
}

/// Runs all lanes at once, each on a thread of its own.
fn lanes<T: Send>(lane: impl Fn(u32) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let lane = &lane;
        let running: Vec<_> = (0..LANES).map(|number| scope.spawn(move || lane(number))).collect();
        running.into_iter().map(|lane| lane.join().unwrap()).collect()
    })
}
