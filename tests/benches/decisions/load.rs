//! So many connections, each sending one request after the other, for so long.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::client::Connection;
use crate::cpu::Cpu;
use crate::requests::Requests;

/// How long a load runs before anything is counted.
const WARM_UP: Duration = Duration::from_secs(2);

/// A closed loop: the next request of a connection leaves when its last one is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) concurrency: u32,
    pub(crate) seconds: u64,
    pub(crate) address: SocketAddr,
    /// Process id of PostgreSQL.
    pub(crate) postmaster: u32,
}

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// One per decision, in microseconds, in order.
    micros: Vec<u32>,
    /// From the first to the last moment counted.
    elapsed: Duration,
    /// Processor time used meanwhile.
    cpu: Cpu,
    /// Decisions that were acknowledged in all, the warm-up's too.
    pub(crate) acknowledged: u64,
}

impl Load {
    /// Sends `requests`, and counts after the warm-up. Everything else than a new decision ends it.
    pub(crate) async fn run(self, requests: &(impl Requests + Clone + 'static)) -> Measured {
        let from = Instant::now() + WARM_UP;
        let until = from + Duration::from_secs(self.seconds);
        let mut connections = JoinSet::new();
        for _ in 0..self.concurrency {
            let requests = requests.clone();
            connections.spawn(async move { drive(self.address, &requests, from, until).await });
        }
        tokio::time::sleep_until(from.into()).await;
        let before = Cpu::now(self.postmaster);
        tokio::time::sleep_until(until.into()).await;
        let cpu = Cpu::now(self.postmaster) - before;
        let (micros, acknowledged): (Vec<_>, Vec<u64>) = connections.join_all().await.into_iter().unzip();
        Measured {
            acknowledged: acknowledged.iter().sum(),
            ..Measured::new(micros.concat(), until - from, cpu)
        }
    }
}

async fn drive(
    address: SocketAddr,
    requests: &impl Requests,
    from: Instant,
    until: Instant,
) -> (Vec<u32>, u64) {
    let mut connection = Connection::open(address).await;
    let mut request = Vec::with_capacity(16 * 1024);
    let mut micros = Vec::with_capacity(64 * 1024);
    let mut acknowledged = 0;
    loop {
        request.clear();
        requests.write(&mut request);
        let begun = Instant::now();
        let (status, body) = connection.exchange(&request).await;
        let ended = Instant::now();
        let new = requests.is_new_decision(status, body);
        assert!(new, "{status}: {}", String::from_utf8_lossy(body));
        acknowledged += 1;
        if ended >= until {
            return (micros, acknowledged);
        }
        if ended >= from {
            micros.push(u32::try_from((ended - begun).as_micros()).unwrap_or(u32::MAX));
        }
    }
}

impl Measured {
    /// Latencies in microseconds, in any order.
    pub(crate) fn new(mut micros: Vec<u32>, elapsed: Duration, cpu: Cpu) -> Self {
        micros.sort_unstable();
        Self { micros, elapsed, cpu, acknowledged: 0 }
    }

    /// Durable decisions (or transactions) per second.
    pub(crate) fn rate(&self) -> f64 {
        self.count() / self.elapsed.as_secs_f64()
    }

    fn count(&self) -> f64 {
        f64::from(u32::try_from(self.micros.len()).unwrap())
    }

    /// Processor time of each, in microseconds per decision.
    pub(crate) fn cpu_micros(&self) -> Cpu {
        let each = |seconds: f64| seconds * 1e6 / self.count();
        let Cpu { generator, server, postgres, others } = self.cpu;
        Cpu {
            generator: each(generator),
            server: each(server),
            postgres: each(postgres),
            others: each(others),
        }
    }

    /// How many processors others kept busy meanwhile.
    pub(crate) fn disturbance(&self) -> f64 {
        self.cpu.others / self.elapsed.as_secs_f64()
    }

    /// What `percent` of 100 did not exceed, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let place = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        self.micros.get(place).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }
}
