//! Policy versions of the shop, and waiting until the server has heard of them.

use std::sync::Arc;

use ase_engine::directory::Tenant;
use serde_json::{Value, json};

use super::TestApp;
use super::client::{Answer, Platform, text};
use super::until::until;

/// A policy that asks everybody, whatever they do, and blocks nobody.
#[must_use]
pub fn asks_everybody() -> Value {
    let bands = json!({ "delay_from": 0, "hold_from": 101, "block_from": 101 });
    json!({ "name": "default", "thresholds": { "default": bands, "categories": {} } })
}

/// A policy that asks nobody.
#[must_use]
pub fn asks_nobody() -> Value {
    let bands = json!({ "delay_from": 101, "hold_from": 101, "block_from": 101 });
    json!({ "name": "default", "thresholds": { "default": bands, "categories": {} } })
}

/// A policy that blocks everything.
#[must_use]
pub fn blocks_everybody() -> Value {
    let bands = json!({ "delay_from": 0, "hold_from": 0, "block_from": 0 });
    json!({ "name": "default", "thresholds": { "default": bands, "categories": {} } })
}

impl Platform {
    /// `PUT` of a policy.
    pub async fn put_policy(&self, document: &Value) -> Answer {
        let path = format!("/policies/{}", text(&document["name"]));
        Answer::of(self.request("PUT", &path).json(document)).await
    }

    /// Keeps a policy as the next version of its name.
    pub async fn add_policy(&self, document: &Value) -> Answer {
        self.post(&format!("/policies/{}/versions", text(&document["name"])), document).await
    }

    /// Takes a version a step on.
    pub async fn step(&self, version: &Value, step: &str) -> Answer {
        self.post(&format!("{}/{step}", path(version)), &json!({})).await
    }

    /// A version as it stands.
    pub async fn version(&self, version: &Value) -> Value {
        self.get(&path(version)).await.json(200)
    }

    /// Why a decision is what it is.
    pub async fn explained(&self, session: &str) -> Value {
        self.get(&format!("/decisions/{session}")).await.json(200)
    }

    /// The newest entries of the audit log that tell of policies, oldest first: action and actor.
    pub async fn policy_log(&self) -> Vec<(String, Value)> {
        let answer = self.get("/audit/entries?limit=200").await.json(200);
        let entries = answer["entries"].as_array().unwrap().iter().rev();
        let told = entries.map(|entry| (text(&entry["action"]), entry.clone()));
        told.filter(|(action, _)| action.starts_with("policy.")).collect()
    }
}

impl TestApp {
    /// Publishes a policy, and waits until it decides.
    pub async fn publish(&self, document: &Value) -> Value {
        let version = self.shop.platform.put_policy(document).await.json(200);
        assert_eq!(version["status"], "live", "{version}");
        self.until_live(&version).await;
        version
    }

    /// Keeps a policy and puts it on trial, and waits until it judges.
    pub async fn put_on_trial(&self, document: &Value) -> Value {
        let platform = &self.shop.platform;
        let version = platform.add_policy(document).await.json(201);
        let version = platform.step(&version, "shadow").await.json(200);
        self.until_on_trial(&version).await;
        version
    }

    /// Waits until a version decides: the server hears of a publication a moment after it.
    pub async fn until_live(&self, version: &Value) {
        let digest = text(&version["digest"]);
        self.until_tenant("a version that decides", |tenant| tenant.policy.digest == digest).await;
    }

    /// Waits until a version judges beside the live one.
    pub async fn until_on_trial(&self, version: &Value) {
        let digest = text(&version["digest"]);
        let judges = |tenant: &Tenant| tenant.shadows.iter().any(|candidate| candidate.digest == digest);
        self.until_tenant("a version on trial", judges).await;
    }

    /// Waits until what the server knows of the shop is as `wanted`.
    pub async fn until_tenant(&self, what: &str, wanted: impl Fn(&Tenant) -> bool) {
        let (directory, wanted) = (self.app.engine.directory(), &wanted);
        until(what, || async move {
            let tenant: Option<Arc<Tenant>> = directory.tenant(&self.shop.org_id).await.unwrap();
            tenant.filter(|tenant| wanted(tenant)).map(|_| ())
        })
        .await;
    }
}

/// The reason of `code` in a decision, if it is among them.
#[must_use]
pub fn reason(decision: &Value, code: &str) -> Option<Value> {
    let reasons = decision["reasons"].as_array().unwrap();
    reasons.iter().find(|reason| reason["code"] == code).cloned()
}

/// The points of that reason; zero without it.
#[must_use]
pub fn points(decision: &Value, code: &str) -> i64 {
    reason(decision, code).map_or(0, |reason| reason["points"].as_i64().unwrap())
}

fn path(version: &Value) -> String {
    format!("/policies/{}/versions/{}", text(&version["name"]), version["version"])
}
