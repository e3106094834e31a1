//! What becomes of questions: answered, admitted or left, at virtual times.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Run, SimulationError};
use crate::challenge::{Intent, SESSION_TTL};
use crate::decision::Outcome;
use crate::event::EventType;
use crate::screening::DecisionAnswer;
use crate::session::Stage;
use crate::simulation::tally::Verdict;
use crate::simulation::{Answer, Step};
use crate::store::simulation::{End, end};
use crate::store::{Scope, StoreError};

/// How long an answer takes.
const ANSWERING: TimeDelta = TimeDelta::seconds(60);

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
            self.end(&session_id, Stage::Expired, None, until).await?;
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
        let bands = self.tenant.policy.policy.bands(&EventType::new(event_type));
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
