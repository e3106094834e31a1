//! The state machine stands twice, in the program and in the store: whatever a program writes, a session takes no step
//! that it must not take.

use std::borrow::Cow;

use ase_engine::challenge::Intent;
use ase_engine::session::{Demands, Stage, Step};
use ase_engine::token::TokenOutcome;
use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

const INTENTS: [Intent; 3] = [Intent::Confirmed, Intent::Guided, Intent::Unsure];

/// One update that somebody tries.
#[derive(Debug, Clone, Copy)]
struct Try {
    from: Stage,
    to: Stage,
    hold: bool,
    otp_required: bool,
    intent: Intent,
    ruled: bool,
}

impl Try {
    /// What was answered before.
    fn before(self) -> Option<Intent> {
        match self.from {
            Stage::Code | Stage::Held | Stage::Allowed | Stage::Locked => Some(Intent::Confirmed),
            Stage::BreakContact => Some(Intent::Guided),
            _ => None,
        }
    }

    /// Whether one of the program's steps does this.
    fn is_a_step(self) -> bool {
        let answers = INTENTS.map(Step::Answer);
        let others =
            [Step::RightCode, Step::LastWrongCode, Step::Stop, Step::Expire, Step::Release, Step::Deny];
        answers.into_iter().chain(others).any(|step| {
            let intent = match step {
                Step::Answer(intent) => Some(intent),
                Step::Stop if self.to == Stage::BreakContact => Some(Intent::Unsure),
                _ => self.before(),
            };
            let ruled = matches!(step, Step::Release | Step::Deny);
            let leads = |reachable| {
                let demands = Demands { otp_required: self.otp_required, hold: self.hold, reachable };
                self.from.after(step, demands) == Ok(self.to)
            };
            intent == Some(self.intent) && ruled == self.ruled && (leads(true) || leads(false))
        })
    }

    fn all() -> impl Iterator<Item = Self> {
        Stage::ALL.into_iter().flat_map(|from| {
            let tos = Stage::ALL.into_iter().filter(move |to| *to != from);
            tos.flat_map(move |to| {
                INTENTS.into_iter().flat_map(move |intent| {
                    (0..8).map(move |bits: u8| Self {
                        from,
                        to,
                        hold: bits & 1 > 0,
                        otp_required: bits & 2 > 0,
                        intent,
                        ruled: bits & 4 > 0,
                    })
                })
            })
        })
    }
}

fn quoted(text: Option<&str>) -> String {
    text.map_or("null".to_owned(), |text| format!("'{text}'"))
}

/// Puts the session where no step need lead, then tries the update.
async fn is_taken(owner: &mut PgConnection, session: &str, attempt: Try) -> bool {
    let mut tx = owner.begin().await.unwrap();
    let place = format!(
        "alter table sessions disable trigger sessions_transition;
        update sessions set stage = '{}', status = '{}', outcome = {}, intent = {}, hold = {}, otp_required = {}
        where session_id = '{session}';
        alter table sessions enable trigger sessions_transition;",
        attempt.from.as_str(),
        attempt.from.status().as_str(),
        quoted(attempt.from.outcome().map(TokenOutcome::as_str)),
        quoted(attempt.before().map(Intent::as_str)),
        attempt.hold,
        attempt.otp_required,
    );
    tx.execute(sqlx::raw_sql(AssertSqlSafe(place))).await.unwrap();
    let step = format!(
        "update sessions set stage = '{}', status = '{}', outcome = {}, intent = '{}', reviewed_by = {ruled},
            reviewed_at = case when {ruled}::text is not null then now() end where session_id = '{session}'",
        attempt.to.as_str(),
        attempt.to.status().as_str(),
        quoted(attempt.to.outcome().map(TokenOutcome::as_str)),
        attempt.intent.as_str(),
        ruled = quoted(attempt.ruled.then_some("usr_1")),
    );
    let done = tx.execute(sqlx::raw_sql(AssertSqlSafe(step))).await;
    tx.rollback().await.unwrap();
    done.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_store_takes_exactly_the_steps_that_the_program_takes() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let mut owner = app.database.owner().await;
    let mut taken = 0;
    for attempt in Try::all() {
        let is_taken = is_taken(&mut owner, &session, attempt).await;
        assert_eq!(is_taken, attempt.is_a_step(), "{attempt:?}");
        taken += u32::from(is_taken);
    }
    assert!(taken > 20, "{taken}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_demanded_of_a_session_is_never_taken_back() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    app.database.run("update sessions set hold = true, prior_break_contact = true").await;
    let mut owner = app.database.owner().await;
    for change in [
        "hold = false",
        "prior_break_contact = false",
        "otp_required = false",
        "reviewed_by = 'usr_1', reviewed_at = now()",
    ] {
        let update = format!("update sessions set {change} where session_id = '{session}'");
        let error = owner.execute(sqlx::raw_sql(AssertSqlSafe(update))).await.unwrap_err();
        let code = error.as_database_error().and_then(|error| error.code().map(Cow::into_owned));
        assert_eq!(code.as_deref(), Some("AS001"), "{change}: {error}");
    }
}
