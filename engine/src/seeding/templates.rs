//! What made-up events are like, and what a policy says of them.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::decision::decide;
use crate::event::Category;
use crate::features::Features;
use crate::mark::Mark;
use crate::policy::PolicyVersion;
use crate::store::seeding::Template;

/// What is written in the place of the amount.
const AMOUNT: &str = "55.00";
/// What is written in the place of the number of earlier events.
const EVENTS: i64 = 31_337;

/// The moments of a sample, and what stands for each in a template.
struct Moments {
    now: DateTime<Utc>,
    occurred: DateTime<Utc>,
    started: DateTime<Utc>,
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
}

/// What a thousand made-up events are like, as `policy` decides them. `None` when a sample cannot be written.
pub(super) fn templates(policy: &PolicyVersion) -> Option<Vec<Template>> {
    let mut first = 0;
    let mut templates = Vec::new();
    let moments = Moments::fixed();
    for (share, sample) in samples(&moments) {
        templates.push(template(policy, &moments, first..first + share, sample)?);
        first += share;
    }
    Some(templates)
}

fn template(
    policy: &PolicyVersion,
    moments: &Moments,
    part: std::ops::Range<i32>,
    sample: Value,
) -> Option<Template> {
    let features: Features = serde_json::from_value(sample).ok()?;
    let decision = decide(&features, &policy.policy, &policy.rules);
    let event = &features.event;
    Some(Template {
        first: part.start,
        end: part.end,
        event_type: event.event_type.as_str().to_owned(),
        category: event.category().as_str(),
        country: event.country.clone(),
        currency: event.amount.as_ref().map(|amount| amount.currency.as_str().to_owned()),
        sensitive: event.is_sensitive(),
        contact_changed: event.changes_contact(),
        credential_changed: event.category() == Category::Credential,
        mark: Mark::of(&event.event_type).map(Mark::as_str),
        outcome: decision.outcome.as_str(),
        score: decision.score.points,
        reasons: serde_json::to_value(&decision.score.reasons).ok()?,
        missing: decision.score.missing,
        features: moments.hide(&serde_json::to_string(&features).ok()?),
    })
}

impl Moments {
    fn fixed() -> Self {
        // a time without an hour that a signal finds odd
        let now = DateTime::<Utc>::default() + TimeDelta::days(20_000) + TimeDelta::hours(12);
        Self {
            now,
            occurred: now - TimeDelta::seconds(2),
            started: now - TimeDelta::minutes(10),
            first_seen: now - TimeDelta::days(80),
            last_seen: now - TimeDelta::hours(26),
        }
    }

    /// Puts places for `format` where they, the amount and the number of events are written.
    fn hide(&self, text: &str) -> String {
        let moments = [self.now, self.occurred, self.started, self.first_seen, self.last_seen];
        let mut hidden = text.replace('%', "%%");
        for (place, moment) in (1..).zip(moments) {
            let written = json!(moment).to_string();
            hidden = hidden.replace(&written, &format!("\"%{place}$s\""));
        }
        hidden
            .replace(&json!(AMOUNT).to_string(), "\"%6$s\"")
            .replace(&format!("\"events\":{EVENTS}"), "\"events\":%7$s")
    }
}

/// Snapshots as screening leaves them, and how many of a thousand are like each.
fn samples(moments: &Moments) -> [(i32, Value); 7] {
    let sample = |event_type: &str, event: Value, history: Value| {
        json!({
            "event": merged(plain_event(moments, event_type), event),
            "history": merged(plain_history(moments), history),
        })
    };
    let amount = json!({ "value": AMOUNT, "currency": "EUR" });
    let money = || json!({ "amount": amount, "destination": {} });
    let paid = json!({ "amount": amount, "destination": {}, "has_card": true });
    let guided =
        json!({ "amount": amount, "balance": amount, "destination": {}, "flags": ["remote_access"] });
    let usual = || {
        json!({ "amounts": 20, "amount_p95": "95.00", "org_amount_p95": "98.50", "amounts_7d": ["61.20", "20.00"],
            "destination_first_seen_at": moments.first_seen, "destination_uses": 4, "destination_subjects_7d": 3 })
    };
    let strange = json!({ "device_first_seen_at": null, "country_seen": false, "network_seen": false });
    let taken = json!({
        "device_first_seen_at": null, "country_seen": false, "network_seen": false, "sensitive_1h": 2,
        "login_failures_1h": 4, "login_failures_24h": 4, "contact_changed_at": moments.started, "amounts": 3,
        "amount_p95": "12.00",
    });
    let failed = json!({ "login_failures_1h": 2, "login_failures_24h": 2 });
    [
        (310, sample("login.succeeded", json!({}), json!({}))),
        (350, sample("payment.created", paid, usual())),
        (280, sample("order.created", money(), usual())),
        (10, sample("login.failed", json!({}), failed)),
        (20, sample("account.email_changed", json!({ "changes": ["email"] }), strange)),
        (20, sample("payout.requested", money(), taken.clone())),
        (10, sample("withdrawal.requested", guided, taken)),
    ]
}

fn plain_event(moments: &Moments, event_type: &str) -> Value {
    json!({
        "type": event_type, "occurred_at": moments.occurred, "account_created_at": moments.first_seen,
        "has_device": true, "has_ip": true, "country": "DE", "session_started_at": moments.started,
        "attributes": { "channel": "web", "items": 3 },
    })
}

fn plain_history(moments: &Moments) -> Value {
    json!({
        "now": moments.now, "events": EVENTS, "first_seen_at": moments.first_seen, "previous_at": moments.last_seen,
        "events_near_hour": 9, "device_first_seen_at": moments.first_seen, "countries": 31, "country_seen": true,
        "networks": 25, "network_seen": true, "ip_subjects_1h": 1, "login_at": moments.last_seen,
    })
}

/// `object` with these members, too, or with these in the place of its own.
fn merged(mut object: Value, members: Value) -> Value {
    if let (Some(object), Value::Object(members)) = (object.as_object_mut(), members) {
        object.extend(members);
    }
    object
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::policy::Policy;
    use crate::rule::RuleSet;

    #[test]
    fn every_template_reads_back_as_a_snapshot_and_all_outcomes_occur() {
        let policy = Policy::default_policy();
        let digest = policy.digest();
        let rules = Arc::new(RuleSet::default());
        let version = PolicyVersion { name: "default".to_owned(), version: 1, digest, policy, rules };
        let templates = templates(&version).unwrap();
        assert_eq!(templates.first().unwrap().first, 0);
        assert_eq!(templates.last().unwrap().end, 1000);
        let moments = Moments::fixed();
        for template in &templates {
            let mut text = template.features.clone();
            let times =
                [moments.now, moments.occurred, moments.started, moments.first_seen, moments.last_seen];
            for (place, time) in (1..).zip(times) {
                text = text.replace(&format!("\"%{place}$s\""), &json!(time).to_string());
            }
            assert!(text.contains("%7$s"), "{text}");
            text = text.replace("%6$s", AMOUNT).replace("%7$s", &EVENTS.to_string());
            assert!(!text.contains('%'), "{text}");
            let features = Features::from_json(&text).unwrap();
            let decision = decide(&features, &version.policy, &version.rules);
            assert_eq!(
                (decision.outcome.as_str(), decision.score.points),
                (template.outcome, template.score)
            );
        }
        for outcome in ["allow", "delay_verify", "block_escalate"] {
            assert!(templates.iter().any(|template| template.outcome == outcome), "{outcome}");
        }
    }
}
