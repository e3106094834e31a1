//! The one room of the simulation that is not pure: every event goes through the real screening, at its virtual time.
//!
//! What comes next in the stream is screened side by side as long as no two events share a person, a device, an
//! address, a destination or a card: only these tell of each other, so the figures are those of one after the other.
//!
//! Challenges end as the stream says, at a virtual time. Whoever denies being guided gets through, unless the policy
//! holds even that for a person to look at. Whoever admits it has broken contact: the script is over. A session that
//! nobody answers expires a quarter of an hour later. No mail is written and no code is typed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use tokio::task::JoinSet;

use super::tally::{Tally, Verdict};
use super::{Answer, Label, Plan, Report, Step};
use crate::Engine;
use crate::audit::{Actor, ActorType};
use crate::challenge::{Intent, SESSION_TTL};
use crate::decision::Outcome;
use crate::directory::Tenant;
use crate::event::{Draft, Event};
use crate::org::Org;
use crate::problem::FieldError;
use crate::provisioning::{ProvisioningError, Wish, candidate};
use crate::screening::{DecisionAnswer, Origin, Screened, ScreeningError};
use crate::session::Stage;
use crate::store::simulation::{End, end};
use crate::store::{Scope, StoreError};
use std::sync::Arc;

/// Most events that are screened side by side.
const ABREAST: usize = 8;
/// How often the usual amounts of the organisation are worked out anew.
const BASELINE: TimeDelta = TimeDelta::days(7);
/// How long an answer takes.
const ANSWERING: TimeDelta = TimeDelta::seconds(60);

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
            let name = candidate(document)?.name;
            self.add_policy(&org_id, &name, document, Wish::Publish, &actor()).await?;
        }
        Ok(self.directory().tenant(&org_id).await?.ok_or(StoreError::Corrupt("organisation"))?)
    }
}

fn actor() -> Actor {
    Actor { actor_type: ActorType::System, id: "simulation".to_owned() }
}

/// A session that nobody answers, and when its time is over.
type Unanswered = (DateTime<Utc>, String);

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

    /// Ends what the person of `step` left unanswered, where its time is over by now.
    async fn expire(&mut self, step: &Step) -> Result<(), SimulationError> {
        let Some(unanswered) = self.unanswered.get_mut(&step.person) else { return Ok(()) };
        let (due, open) = std::mem::take(unanswered).into_iter().partition(|(until, _)| *until <= step.at);
        *unanswered = open;
        let due: Vec<Unanswered> = due;
        for (until, session_id) in due {
            self.end(&session_id, Stage::Expired, None, until).await?;
        }
        Ok(())
    }

    /// Answers the question, where there is one, and says what became of the event.
    async fn settle(&mut self, step: &Step, answer: DecisionAnswer) -> Result<Verdict, SimulationError> {
        let outcome = Outcome::parse(&answer.outcome).ok_or(StoreError::Corrupt("outcome"))?;
        let mut through = outcome == Outcome::Allow;
        if outcome == Outcome::DelayVerify {
            let session = answer.session.id.as_str();
            match step.answer {
                Answer::Denies => {
                    let stage = if self.is_held(step, &answer) { Stage::Held } else { Stage::Allowed };
                    through = stage == Stage::Allowed;
                    self.end(session, stage, Some(Intent::Confirmed), step.at + ANSWERING).await?;
                }
                Answer::Admits => {
                    self.end(session, Stage::BreakContact, Some(Intent::Guided), step.at + ANSWERING).await?;
                    self.over.insert(step.person);
                }
                Answer::Leaves => {
                    let until = step.at + SESSION_TTL;
                    self.unanswered.entry(step.person).or_default().push((until, session.to_owned()));
                }
            }
        }
        if step.pivotal && !through {
            self.over.insert(step.person);
        }
        Ok(Verdict { outcome, reasons: answer.reasons, through })
    }

    /// Whether even a passed challenge waits for a person.
    fn is_held(&self, step: &Step, answer: &DecisionAnswer) -> bool {
        let event_type = step.draft.event_type.as_deref().unwrap_or_default();
        let bands = self.tenant.policy.policy.bands(&crate::event::EventType::new(event_type));
        answer.score >= bands.hold_from || answer.hold_until.is_some()
    }

    async fn end(
        &self,
        session_id: &str,
        stage: Stage,
        intent: Option<Intent>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let org_id = self.tenant.org.org_id.as_str();
        let mut tx = self.engine.store().begin(Scope::Org(org_id)).await?;
        end(&mut tx, &End { org_id, session_id, stage, intent, at }).await?;
        tx.commit().await
    }
}

async fn screen(
    engine: &Engine,
    tenant: &Arc<Tenant>,
    at: DateTime<Utc>,
    event: Event,
) -> Result<Option<DecisionAnswer>, ScreeningError> {
    let origin =
        Origin { source_id: "api".to_owned(), actor: actor(), delivery: None, invite: false, now: Some(at) };
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
