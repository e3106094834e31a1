//! Who used the processor: the generator, the server, PostgreSQL, and who else. Read from `/proc`; elsewhere nothing
//! is known.

use std::fs;
use std::ops::Sub;
use std::path::{Path, PathBuf};

/// How many times a second the kernel counts (`sysconf(_SC_CLK_TCK)`, which is 100 on every Linux of today).
const TICKS: u32 = 100;

/// Seconds of processor time since the start.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cpu {
    /// The thread that sends, and programs run in its place.
    pub(crate) generator: f64,
    /// All other threads of this process.
    pub(crate) server: f64,
    /// The cluster's processes, ended ones too.
    pub(crate) postgres: f64,
    /// Everybody else on the machine: the more, the less the rest means.
    pub(crate) others: f64,
}

impl Cpu {
    /// What was used until now.
    pub(crate) fn now(postmaster: u32) -> Self {
        let me = std::process::id();
        let [own, ran] = used(Path::new("/proc/self/stat"));
        let [sending, _] = used(Path::new(&format!("/proc/self/task/{me}/stat")));
        let [main, ended] = used(Path::new(&format!("/proc/{postmaster}/stat")));
        let running = children(postmaster).iter().map(|path| used(path)[0]).sum::<f64>();
        let (generator, server, postgres) = (sending + ran, own - sending, main + ended + running);
        Self { generator, server, postgres, others: machine() - generator - server - postgres }
    }
}

impl Sub for Cpu {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            generator: self.generator - before.generator,
            server: self.server - before.server,
            postgres: self.postgres - before.postgres,
            others: self.others - before.others,
        }
    }
}

/// Seconds of a process in user and kernel mode, and of its children that ended (proc(5), fields 14 to 17).
fn used(stat: &Path) -> [f64; 2] {
    let fields = fields(stat);
    [11, 13].map(|from| seconds(fields.iter().skip(from).take(2)))
}

/// Seconds that the machine was not idle and did not wait for the disk (proc(5), all but the fourth and fifth).
fn machine() -> f64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let first = text.lines().next().unwrap_or_default().split_whitespace().skip(1).map(str::to_owned);
    let fields: Vec<String> = first.collect();
    seconds(fields.iter().take(3).chain(fields.iter().skip(5).take(3)))
}

fn seconds<'a>(ticks: impl Iterator<Item = &'a String>) -> f64 {
    f64::from(ticks.filter_map(|field| field.parse::<u32>().ok()).sum::<u32>()) / f64::from(TICKS)
}

/// The `stat` of each process whose parent is `parent`.
fn children(parent: u32) -> Vec<PathBuf> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let stats = processes.filter_map(|process| Some(process.ok()?.path().join("stat")));
    let parent = parent.to_string();
    stats.filter(|stat| fields(stat).get(1) == Some(&parent)).collect()
}

/// The fields after the name of the command, which is in brackets and may hold anything.
fn fields(stat: &Path) -> Vec<String> {
    let text = fs::read_to_string(stat).unwrap_or_default();
    let after = text.rsplit_once(") ").map_or("", |(_, after)| after);
    after.split_whitespace().map(str::to_owned).collect()
}
