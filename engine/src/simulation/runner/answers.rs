//! What becomes of questions: answered, admitted or left, at virtual times.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Run, SimulationError};
use crate::challenge::{Intent, SESSION_TTL};
use crate::decision::Outcome;
use crate::screening::DecisionAnswer;
use crate::session::{Stage, Status, Step as SessionStep};
use crate::simulation::tally::Verdict;
use crate::simulation::{Answer, Step};
use crate::store::simulation::{Moved, advance, demands};
use crate::store::{Scope, StoreError};

/// How long an answer takes.
const ANSWERING: TimeDelta = TimeDelta::seconds(60);

/// Whoever denies being guided, and has the right code where one is asked for.
const CONFIRMED: [SessionStep; 2] = [SessionStep::Answer(Intent::Confirmed), SessionStep::RightCode];
/// Whoever admits it.
const GUIDED: [SessionStep; 1] = [SessionStep::Answer(Intent::Guided)];

/// A session that nobody answers, and when its time is over.
pub(super) type Unanswered = (DateTime<Utc>, String);

impl Run<'_> {
    /// Ends what the person of `step` left unanswered, where its time is over by now.
    pub(super) async fn expire(&mut self, step: &Step) -> Result<(), SimulationError> {
        let Some(unanswered) = self.unanswered.get_mut(&step.person) else { return Ok(()) };
        let (due, open) = std::mem::take(unanswered).into_iter().partition(|(until, _)| *until <= step.at);
        *unanswered = open;
        let due: Vec<Unanswered> = due;
        for (until, session_id) in due {
            self.walk(&session_id, &[SessionStep::Expire], until).await?;
        }
        Ok(())
    }

    /// Answers the question, where there is one, and says what became of the event.
    pub(super) async fn settle(
        &mut self,
        step: &Step,
        answer: DecisionAnswer,
    ) -> Result<Verdict, SimulationError> {
        let outcome = Outcome::parse(&answer.outcome).ok_or(StoreError::Corrupt("outcome"))?;
        let mut through = outcome == Outcome::Allow;
        if outcome == Outcome::DelayVerify {
            let session = answer.session.id.as_str();
            match step.answer {
                Answer::Denies => {
                    through = self.walk(session, &CONFIRMED, step.at + ANSWERING).await? == Stage::Allowed;
                }
                Answer::Admits => {
                    self.walk(session, &GUIDED, step.at + ANSWERING).await?;
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

    /// Takes a session whose question is open through `steps`, as far as they lead, and says where it stands then.
    async fn walk(
        &self,
        session_id: &str,
        steps: &[SessionStep],
        at: DateTime<Utc>,
    ) -> Result<Stage, StoreError> {
        let org_id = self.tenant.org.org_id.as_str();
        let mut tx = self.engine.store().begin(Scope::Org(org_id)).await?;
        let demands = demands(&mut tx, org_id, session_id).await?;
        let (mut from, mut intent) = (Stage::Question, None);
        for step in steps {
            if from.status() != Status::Pending {
                break;
            }
            if let SessionStep::Answer(answered) = step {
                intent = Some(*answered);
            }
            let to = from.after(*step, demands).or(Err(StoreError::Transition))?;
            advance(&mut tx, &Moved { org_id, session_id, from, to, intent, at }).await?;
            from = to;
        }
        tx.commit().await?;
        Ok(from)
    }
}
