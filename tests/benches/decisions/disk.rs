//! How long the disk takes to make 8 kB durable: no commit can be quicker than that.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Median and 99th percentile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SyncTimes {
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
}

/// Overwrites one block of a file in `dir` again and again, as PostgreSQL does with its log (`fdatasync`).
pub(crate) fn sync_times(dir: &Path) -> SyncTimes {
    use std::io::{Seek as _, SeekFrom};
    let path = dir.join("sync");
    let mut file = File::create(&path).unwrap();
    file.write_all(&vec![0; 128 * 8192]).unwrap();
    file.sync_all().unwrap();
    let mut times = Vec::with_capacity(500);
    for round in 0..500_u64 {
        file.seek(SeekFrom::Start((round % 128) * 8192)).unwrap();
        file.write_all(&[1; 8192]).unwrap();
        let begun = Instant::now();
        file.sync_data().unwrap();
        times.push(begun.elapsed());
    }
    std::fs::remove_file(path).unwrap();
    times.sort_unstable();
    SyncTimes { median: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
}
