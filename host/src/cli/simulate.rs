//! `simulate`: what a policy stops and at what friction, on labelled people and five scripts, in a private cluster
//! that is thrown away. The configured database is never touched.

mod table;

use std::path::{Path, PathBuf};

use ase_engine::Engine;
use ase_engine::id::random_id;
use ase_engine::simulation::{Plan, Report, SimulationError};
use ase_engine::store::Store;
use ase_engine::vault::MasterKey;
use clap::Args;
use secrecy::SecretString;

use super::policy::document::read;
use super::{CliError, Common, Output};
use crate::demo::DemoError;
use crate::postgres::Cluster;
use crate::signals::Signals;

/// The database in the cluster.
const DATABASE: &str = "ase";
/// As many as events are screened side by side, and one for what is beside them.
const CONNECTIONS: u32 = 9;

/// Arguments of `ase simulate`.
#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// Everything is drawn from it: the same seed gives the same figures
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many honest people
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(0..=5000))]
    people: u32,
    /// How many victims of each of the five scripts
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(0..=500))]
    victims: u32,
    /// Share of victims who lie when they are asked, as they were told to: 0 to 1
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    coached_lie: f64,
    /// A policy document; `-` for standard input [default: the default policy]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// Simulates in a cluster of its own: below `--data-dir`, where it stays, or in a directory that is removed.
pub(super) async fn run(common: &Common, args: SimulateArgs, output: &Output) -> Result<(), CliError> {
    let signals = Signals::watch()?;
    let policy = args.policy.as_deref().map(read).transpose()?;
    let plan =
        Plan { seed: args.seed, people: args.people, victims: args.victims, coached_lie: args.coached_lie };
    let mut place = Workplace::choose(common.data_dir.as_deref())?;
    let simulating = in_cluster(&mut place, &plan, policy.as_deref(), output, &signals);
    let simulated = tokio::select! {
        simulated = Box::pin(simulating) => simulated,
        () = signals.immediate.cancelled() => Err(CliError::Interrupted),
    };
    drop(place);
    match simulated? {
        Some(report) => table::show(&report, output),
        None => Err(CliError::Stopped),
    }
}

/// Starts the cluster, simulates until the end or a signal, and stops the cluster in either case.
async fn in_cluster(
    place: &mut Workplace,
    plan: &Plan,
    policy: Option<&str>,
    output: &Output,
    signals: &Signals,
) -> Result<Option<Report>, CliError> {
    let path = place.path.clone();
    let starting = Cluster::start(&path);
    let Some(cluster) = signals.graceful.run_until_cancelled(starting).await else { return Ok(None) };
    let cluster = cluster.map_err(DemoError::from)?;
    place.settled(cluster.location());
    let simulating = Box::pin(simulate(&cluster, plan, policy, output));
    let simulated = signals.graceful.run_until_cancelled(simulating).await;
    let stopped = cluster.stop().await;
    let report = simulated.transpose()?;
    stopped.map_err(DemoError::from)?;
    Ok(report)
}

async fn simulate(
    cluster: &Cluster,
    plan: &Plan,
    policy: Option<&str>,
    output: &Output,
) -> Result<Report, CliError> {
    let owner = Store::connect(&SecretString::from(cluster.owner_url(DATABASE)), 1)?;
    owner.migrate().await?;
    owner.close().await;
    let store = Store::connect(&SecretString::from(cluster.app_url(DATABASE)), CONNECTIONS)?;
    // nobody ever reads what is sealed with it
    let key = MasterKey::parse(&MasterKey::generate(&mut rand::rng()))
        .map_err(|error| CliError::Argument(error.to_string()))?;
    let engine = Engine::new(store.clone(), key, "https://simulation.invalid");
    let mut shown = None;
    let progress = |done: u64, all: u64| {
        let percent = done * 100 / all.max(1);
        if shown.replace(percent) != Some(percent) {
            output.progress("events", done, all);
        }
    };
    let report = Box::pin(engine.simulate(plan, policy, progress)).await;
    store.close().await;
    Ok(report?)
}

/// Where the cluster lives meanwhile.
struct Workplace {
    path: PathBuf,
    /// What is removed in the end: nothing of a directory that was given.
    removed: Vec<PathBuf>,
}

impl Workplace {
    fn choose(data_dir: Option<&Path>) -> Result<Self, CliError> {
        let Some(path) = data_dir else {
            // the cluster makes it, so that whoever runs the server can reach it
            let path = std::env::temp_dir().join(random_id("ase-simulate-", &mut rand::rng()));
            return Ok(Self { removed: vec![path.clone()], path });
        };
        if path.join("demo.json").exists() {
            let message = format!("{} belongs to a demo: choose another directory", path.display());
            return Err(CliError::Argument(message));
        }
        Ok(Self { path: path.to_owned(), removed: Vec::new() })
    }

    /// Notes where the cluster really went.
    fn settled(&mut self, location: &Path) {
        if !self.removed.is_empty() && !location.starts_with(&self.path) {
            self.removed.push(location.to_owned());
        }
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        for path in &self.removed {
            if let Err(error) = std::fs::remove_dir_all(path) {
                tracing::debug!(path = %path.display(), %error, "a directory of the simulation stays");
            }
        }
    }
}

impl From<SimulationError> for CliError {
    fn from(error: SimulationError) -> Self {
        match error {
            SimulationError::Provisioning(error) => Self::Provisioning(error),
            SimulationError::Store(error) => Self::Store(error),
            other => Self::Simulation(other),
        }
    }
}

/// A share from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().or(Err("write a number from 0 to 1, such as 0.5"))?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("must be 0 to 1".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_parts_of_one() {
        assert_eq!(share("0.25"), Ok(0.25));
        for wrong in ["", "-0.1", "1.1", "half", "NaN", "inf"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_place_of_its_own_is_removed_and_a_given_one_is_kept() {
        let (own, elsewhere) = (Workplace::choose(None).unwrap(), tempfile::tempdir().unwrap());
        let path = own.path.clone();
        std::fs::create_dir(&path).unwrap();
        let mut own = own;
        own.settled(&path.join("postgres"));
        assert_eq!(own.removed.len(), 1);
        own.settled(&elsewhere.path().join("cluster"));
        drop(own);
        assert!(!path.exists());
        let given = tempfile::tempdir().unwrap();
        let mut place = Workplace::choose(Some(given.path())).unwrap();
        place.settled(elsewhere.path());
        drop(place);
        assert!(given.path().is_dir() && elsewhere.path().is_dir());
        std::fs::write(given.path().join("demo.json"), "{}").unwrap();
        assert!(Workplace::choose(Some(given.path())).is_err());
    }
}
