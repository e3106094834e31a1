//! The one room of the simulation that is not pure: every event goes through the real screening, at its virtual time.
//!
//! What comes next in the stream is screened side by side as long as no two events share a person, a device, an
//! address, a destination or a card: only these tell of each other, so the figures are those of one after the other.
//!
//! Challenges end as the stream says, at a virtual time. Whoever denies being guided gets through, unless the policy
//! holds even that for a person to look at. Whoever admits it has broken contact: the script is over. A session that
//! nobody answers expires a quarter of an hour later. No mail is written and no code is typed.

mod answers;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use tokio::task::JoinSet;

use self::answers::Unanswered;
use super::tally::Tally;
use super::{Label, Plan, Report, Step};
use crate::Engine;
use crate::audit::{Actor, ActorType};
use crate::directory::Tenant;
use crate::event::{Draft, Event};
use crate::org::Org;
use crate::problem::FieldError;
use crate::provisioning::{ProvisioningError, Wish, candidate};
use crate::screening::{API_SOURCE, DecisionAnswer, Origin, Screened, ScreeningError};
use crate::store::StoreError;

/// Most events that are screened side by side.
const ABREAST: usize = 8;
/// How often the usual amounts of the organisation are worked out anew.
const BASELINE: TimeDelta = TimeDelta::days(7);

/// Why a simulation ended early.
#[derive(Debug, Error)]
pub enum SimulationError {
    /// The organisation or its policy was not made.
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event was not screened.
    #[error(transparent)]
    Screening(#[from] ScreeningError),
    /// An event of the stream is not one.
    #[error("an event of the simulation is wrong: {0}")]
    Event(#[from] FieldError),
    /// A screening was stopped.
    #[error("a screening was stopped")]
    Stopped,
}

impl Engine {
    /// Plays `plan` in a new organisation under `policy`, a document, or under the default. `progress` is called with
    /// how many events are done and how many there are. Meant for a database of its own: it writes tens of thousands
    /// of rows with virtual times.
    ///
    /// # Errors
    /// [`SimulationError`]; what was written stays.
    pub async fn simulate(
        &self,
        plan: &Plan,
        policy: Option<&str>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Report, SimulationError> {
        let tenant = self.simulated_tenant(policy).await?;
        let steps = super::stream(plan);
        let all = steps.len() as u64;
        let mut run = Run::new(self, Arc::clone(&tenant), plan, steps);
        while let Some(batch) = run.next_batch().await? {
            run.screen_all(batch).await?;
            progress(all - run.left.len() as u64, all);
        }
        Ok(run.tally.report(plan, &tenant.policy))
    }

    async fn simulated_tenant(&self, policy: Option<&str>) -> Result<Arc<Tenant>, SimulationError> {
        let org = Org {
            org_id: String::new(),
            name: "Simulation".to_owned(),
            policy_statement: String::new(),
            support_url: None,
            support_phone: None,
            support_email: None,
            return_urls: Vec::new(),
        };
        let org_id = self.create_org(org, &actor()).await?;
        if let Some(document) = policy {
            let name = candidate(document).await?.name;
            self.add_policy(&org_id, &name, document, Wish::Publish, &actor()).await?;
        }
        Ok(self.directory().tenant(&org_id).await?.ok_or(StoreError::Corrupt("organisation"))?)
    }
}

fn actor() -> Actor {
    Actor { actor_type: ActorType::System, id: "simulation".to_owned() }
}

/// A simulation under way.
struct Run<'a> {
    engine: &'a Engine,
    tenant: Arc<Tenant>,
    left: VecDeque<Step>,
    tally: Tally,
    /// Victims whose script has ended early.
    over: BTreeSet<u32>,
    unanswered: BTreeMap<u32, Vec<Unanswered>>,
    baseline_due: DateTime<Utc>,
}

impl<'a> Run<'a> {
    fn new(engine: &'a Engine, tenant: Arc<Tenant>, plan: &Plan, steps: Vec<Step>) -> Self {
        Self {
            engine,
            tenant,
            left: steps.into(),
            tally: Tally::new(plan),
            over: BTreeSet::new(),
            unanswered: BTreeMap::new(),
            baseline_due: super::start() + BASELINE,
        }
    }

    /// What can be screened side by side next; `None` at the end.
    async fn next_batch(&mut self) -> Result<Option<Vec<Step>>, SimulationError> {
        let mut batch = Vec::new();
        let mut shared = BTreeSet::new();
        while let Some(step) = self.left.front() {
            if step.label != Label::Honest && self.over.contains(&step.person) {
                self.left.pop_front();
                continue;
            }
            if step.at >= self.baseline_due {
                if !batch.is_empty() {
                    break;
                }
                self.engine.refresh_baselines().await?;
                self.baseline_due += BASELINE;
            }
            let names = names(step);
            if batch.len() >= ABREAST || names.iter().any(|name| shared.contains(name)) {
                break;
            }
            shared.extend(names);
            batch.extend(self.left.pop_front());
        }
        Ok((!batch.is_empty()).then_some(batch))
    }

    async fn screen_all(&mut self, batch: Vec<Step>) -> Result<(), SimulationError> {
        for step in &batch {
            self.expire(step).await?;
        }
        let mut screenings = JoinSet::new();
        for (place, step) in batch.iter().enumerate() {
            let (engine, tenant, at) = (self.engine.clone(), Arc::clone(&self.tenant), step.at);
            let event = step.draft.clone().strict()?;
            screenings.spawn(async move { (place, screen(&engine, &tenant, at, event).await) });
        }
        let mut answers = BTreeMap::new();
        while let Some(joined) = screenings.join_next().await {
            let (place, answer) = joined.or(Err(SimulationError::Stopped))?;
            answers.insert(place, answer?);
        }
        for (step, answer) in batch.into_iter().zip(answers.into_values()) {
            let Some(answer) = answer else { continue };
            let verdict = self.settle(&step, answer).await?;
            self.tally.add(&step, &verdict);
        }
        Ok(())
    }
}

async fn screen(
    engine: &Engine,
    tenant: &Arc<Tenant>,
    at: DateTime<Utc>,
    event: Event,
) -> Result<Option<DecisionAnswer>, ScreeningError> {
    let origin = Origin {
        source_id: API_SOURCE.to_owned(),
        actor: actor(),
        delivery: None,
        arrival: None,
        invite: false,
        now: Some(at),
    };
    Ok(match engine.screen(tenant, &origin, event).await? {
        Screened::Decision(answer) => Some(*answer),
        Screened::Notice(_) => None,
    })
}

/// Everything under which another event could find this one.
fn names(step: &Step) -> Vec<String> {
    let Draft { subject, device, action, links, .. } = &step.draft;
    let device = device.as_ref();
    let destination = action.as_ref().and_then(|action| action.destination.as_ref());
    let ids = [
        ("subject", subject.id.as_deref()),
        ("device", device.and_then(|device| device.id.as_deref())),
        ("ip", device.and_then(|device| device.ip.as_deref())),
        ("destination", destination.and_then(|destination| destination.id.as_deref())),
    ];
    let ids = ids.into_iter().filter_map(|(kind, id)| Some(format!("{kind} {}", id?)));
    ids.chain(links.iter().map(|link| format!("{} {}", link.link_type, link.id))).collect()
}
