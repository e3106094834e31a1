//! Whoever installs connectors for a whole deployment, and what is sent to the guest `acme` that they install.

use ase_engine::access::KeyScope;
use serde_json::{Value, json};

use super::app::{Source, TestApp};
use super::client::{Answer, Platform, text};
use super::until::until;
use super::{guest, sign};

/// The secret of the sources of `acme`.
pub const ACME_SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// Holds a key with the scopes of the deployment.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Their way to a node.
    pub platform: Platform,
}

impl Operator {
    /// With a key of the first organisation.
    pub async fn of(app: &TestApp) -> Self {
        Self { platform: app.shop.platform.with_key(&app.key(&KeyScope::DEPLOYMENT).await) }
    }

    /// The same at another node.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self { platform: Platform::new(url, &self.platform.key) }
    }

    /// Sends a component.
    pub async fn send(&self, component: &[u8], query: &str) -> Answer {
        let request = self.platform.request("POST", &format!("/connectors{query}")).body(component.to_vec());
        Answer::of(request.header("content-type", "application/wasm")).await
    }

    /// Installs a version of `acme` and returns its digest.
    pub async fn install(&self, version: &str, event_type: &str, query: &str) -> String {
        let answer = self.send(&guest::rogue("acme", version, event_type), query).await.json(201);
        assert_eq!(answer["connector_id"], "acme", "{answer}");
        text(&answer["digest"])
    }

    /// Takes a step with `acme`.
    pub async fn step(&self, step: &str, body: &Value) -> Answer {
        self.platform.post(&format!("/connectors/acme/{step}"), body).await
    }

    /// Has a source stay with a version.
    pub async fn pin(&self, source_id: &str, digest: &str) -> Answer {
        let request = self.platform.request("PUT", &format!("/sources/{source_id}/pin"));
        Answer::of(request.json(&json!({ "digest": digest }))).await
    }

    /// Lets it follow what is live again.
    pub async fn unpin(&self, source_id: &str) -> Answer {
        Answer::of(self.platform.request("DELETE", &format!("/sources/{source_id}/pin"))).await
    }

    /// What the node says of a connector, where it knows one.
    pub async fn sees(&self, id: &str) -> Option<Value> {
        let listed = self.platform.get("/connectors").await.json(200);
        let all = listed["connectors"].as_array().unwrap();
        all.iter().find(|connector| connector["id"] == id).cloned()
    }
}

/// Waits until a node reads with this version of `acme`.
pub async fn runs(app: &ase_host::App, digest: &str) {
    let live = || {
        let status = app.connectors.list().into_iter().find(|status| status.id == "acme");
        status.and_then(|status| status.digest)
    };
    until("the version on the node", || async { (live().as_deref() == Some(digest)).then_some(()) }).await;
}

/// Waits until a node knows what a source stays with.
pub async fn pinned(app: &ase_host::App, source: &Source, digest: Option<&str>) {
    until("the pin on the node", || async {
        let source = app.engine.directory().source(&source.id).await.unwrap()?;
        (source.pin.as_deref() == digest).then_some(())
    })
    .await;
}

/// A body of its own for each number, and the headers with which the guest takes it. It reads the bytes of the
/// signature as they are, and not every byte can stand in a header, so the body is varied until they all can.
fn signed(number: u32) -> (Vec<u8>, Vec<u8>) {
    (0..100_000)
        .find_map(|turn| {
            let body = format!("{number}-{turn}").into_bytes();
            let signature = sign::hmac_sha256(ACME_SECRET.as_bytes(), &[&body]);
            signature.iter().all(|byte| *byte > 32 && *byte != 127).then_some((body, signature))
        })
        .unwrap()
}

/// A delivery to a source of the guest, whatever its connector is called, at the node of this address.
pub fn delivery(app: &TestApp, url: &str, source: &Source, number: u32) -> reqwest::RequestBuilder {
    let (body, signature) = signed(number);
    let path = source.url.strip_prefix(&app.url).unwrap();
    let request = app.shop.platform.with_key("").request("POST", &format!("{url}{path}")).body(body);
    request.header("x-signature", signature)
}

/// Sends a delivery to a node.
pub async fn deliver(app: &TestApp, url: &str, source: &Source, number: u32) -> Answer {
    Answer::of(delivery(app, url, source, number)).await
}

/// What the inbox holds of a source, in the order in which it came.
pub async fn kept(app: &TestApp, source: &Source) -> Vec<Value> {
    let path = format!("/deliveries?source_id={}&limit=200", source.id);
    let answer = app.shop.platform.get(&path).await.json(200);
    answer["deliveries"].as_array().unwrap().iter().rev().cloned().collect()
}

/// What read the deliveries of a source, in the order in which they came.
pub async fn readers(app: &TestApp, source: &Source) -> Vec<String> {
    kept(app, source).await.iter().map(|delivery| text(&delivery["connector_digest"])).collect()
}
