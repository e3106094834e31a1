//! What platforms send by themselves, signed their way: connector, score, challenge by mail, code, token, audit.

mod a_shopify_order;
mod a_standard_webhooks_event;
mod a_stripe_charge;

use ase_tests::harness::client::text;
use ase_tests::harness::{Page, Person, TestApp};
use serde_json::Value;

/// Walks the subject from the mailed link to the end of the challenge: "nobody guides me", and the code.
async fn pass_by_mail(app: &TestApp, address: &str) -> Page {
    let invitation = app.inbox.letter_to(address).await;
    assert_eq!(invitation.header("subject"), "Example Shop: we paused a request, please check it");
    let person = Person::new();
    let question = person.open(&invitation.challenge_url()).await.showing(200, "Is anyone on a call");
    let asked =
        person.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    let code = app.inbox.code_to(address).await;
    person.submit(&asked, "/code", &[("code", &code)]).await.showing(200, "Thank you. You can go on.")
}

/// The one decision of an accepted webhook.
fn decision(answer: &Value) -> &Value {
    assert_eq!(answer["status"], "accepted", "{answer}");
    let decisions = answer["decisions"].as_array().unwrap();
    assert_eq!(decisions.len(), 1, "{answer}");
    &decisions[0]
}

/// The session's own record and its actions after it was passed.
async fn assert_passed(app: &TestApp, session: &str) -> Value {
    app.settled().await;
    let platform = &app.shop.platform;
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(
        (text(&shown["stage"]), text(&shown["outcome"])),
        ("allowed".to_owned(), "allow".to_owned()),
        "{shown}"
    );
    assert_eq!(shown["assurance"], "email_otp");
    let actions = platform.actions(session).await;
    let steps = [
        "checkpoint.created",
        "event.scored",
        "email.queued",
        "intent.answered",
        "otp.issued",
        "otp.accepted",
        "session.resolved",
        "token.issued",
    ];
    let mut rest = actions.iter();
    for step in steps {
        assert!(rest.any(|action| action == step), "{step} in its place: {actions:?}");
    }
    assert_eq!(actions.iter().filter(|action| *action == "email.delivered").count(), 2, "{actions:?}");
    shown
}
