//! Policies: from a draft to the version that decides, and back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::ProvisioningError;
use crate::Engine;
use crate::audit::{Actor, action};
use crate::journal::Journal;
use crate::policy::{Policy, PolicyText, PolicyVersion, Status, Step, digest_of};
use crate::rule::RuleSet;
use crate::store::policies::{NewPolicy, PolicyRow};
use crate::store::shadow_decisions::Comparison;
use crate::store::{self, Scope, StoreError, Tx};

/// What becomes of a new version at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// It is kept as it is, with its mistakes.
    Draft,
    /// It is kept when it has no mistakes.
    Check,
    /// It decides from the next event on, unless somebody else must say so.
    Publish,
}

impl Engine {
    /// Keeps a document as the next version of its name. With [`Wish::Publish`] it is live from the next event on,
    /// or, where the organisation asks for two people, waits as checked for the second.
    ///
    /// # Errors
    /// [`ProvisioningError::Invalid`] naming what is wrong with the document.
    pub async fn add_policy(
        &self,
        org_id: &str,
        name: &str,
        document: &str,
        wish: Wish,
        actor: &Actor,
    ) -> Result<PolicyRow, ProvisioningError> {
        Policy::check_name(name).map_err(|error| invalid(&error))?;
        let (own_name, text) = (name.to_owned(), document.to_owned());
        let (status, document, digest) = apart(move || read(&own_name, &text, wish)).await?;
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let two = store::policies::queue(&mut tx, org_id).await?;
        let author = actor.id.as_str();
        let new = NewPolicy { name, digest: &digest, document: &document, status: status.as_str(), author };
        let version = store::policies::insert(&mut tx, org_id, new).await?;
        let noted = json!({ "policy": name, "version": version, "policy_digest": digest, "status": status });
        note(&mut tx, org_id, actor, action::POLICY_ADDED, noted).await?;
        if wish == Wish::Publish && !two {
            go_live(&mut tx, org_id, name, version, &digest, actor).await?;
        }
        let row = reread(&mut tx, org_id, name, version).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes a version one step on.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`]; [`ProvisioningError::Invalid`] when the step cannot be taken from where the
    /// version stands, when its document has mistakes, or when somebody else must take it.
    pub async fn step_policy(
        &self,
        org_id: &str,
        name: &str,
        version: i32,
        step: Step,
        actor: &Actor,
    ) -> Result<PolicyRow, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let two = store::policies::queue(&mut tx, org_id).await?;
        let row = store::policies::find(&mut tx, org_id, name, version).await?;
        let row = row.ok_or(ProvisioningError::NotFound("policy version"))?;
        let status = Status::parse(&row.status).ok_or(StoreError::Corrupt("policy status"))?;
        let next = status.after(step).ok_or_else(|| {
            let message = format!("a {} version cannot be taken the step `{}`", row.status, step.as_str());
            ProvisioningError::Invalid(message)
        })?;
        if matches!(step, Step::Check | Step::Shadow | Step::Publish) {
            let (own_name, text) = (name.to_owned(), row.document.to_string());
            apart(move || check(&own_name, &text)).await?;
        }
        if next == Status::Live {
            if two && row.author == actor.id {
                return Err(ProvisioningError::Invalid(SECOND_PERSON.to_owned()));
            }
            go_live(&mut tx, org_id, name, version, &row.digest, actor).await?;
        } else {
            store::policies::set_status(&mut tx, org_id, name, version, next.as_str()).await?;
            let noted =
                json!({ "policy": name, "version": version, "policy_digest": row.digest, "status": next });
            note(&mut tx, org_id, actor, action::POLICY_MOVED, noted).await?;
        }
        let row = reread(&mut tx, org_id, name, version).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Makes the version live again that was live before. It takes one person, also where publishing takes two: a brake
    /// must not wait for a second hand, and it only ever leads back to a version that was published.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when there was none.
    pub async fn roll_back_policy(
        &self,
        org_id: &str,
        actor: &Actor,
    ) -> Result<PolicyRow, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::policies::queue(&mut tx, org_id).await?;
        let row = store::policies::previous(&mut tx, org_id).await?;
        let row = row.ok_or(ProvisioningError::NotFound("earlier live policy"))?;
        store::policies::make_live(
            &mut tx,
            org_id,
            &row.name,
            row.version,
            &actor.id,
            Status::Retired.as_str(),
        )
        .await?;
        let noted = json!({ "policy": row.name, "version": row.version, "policy_digest": row.digest });
        note(&mut tx, org_id, actor, action::POLICY_ROLLED_BACK, noted).await?;
        let row = reread(&mut tx, org_id, &row.name, row.version).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Whether publishing a policy takes somebody else than its author, from now on.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn ask_for_two_people(
        &self,
        org_id: &str,
        two: bool,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::policies::ask_for_two(&mut tx, org_id, two).await?;
        note(&mut tx, org_id, actor, action::POLICY_TWO_PERSON, json!({ "two_person_policies": two }))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// All policy versions of an organisation, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn policies(&self, org_id: &str) -> Result<Vec<PolicyRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let rows = store::policies::list(&mut tx, org_id).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// One version.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn policy_version(
        &self,
        org_id: &str,
        name: &str,
        version: i32,
    ) -> Result<Option<PolicyRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let row = store::policies::find(&mut tx, org_id, name, version).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// What a version would have decided while it was on trial, beside what was decided. `None` for an unknown one.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn compare_shadow(
        &self,
        org_id: &str,
        name: &str,
        version: i32,
        since: DateTime<Utc>,
    ) -> Result<Option<Vec<Comparison>>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let Some(row) = store::policies::find(&mut tx, org_id, name, version).await? else { return Ok(None) };
        let compared = store::shadow_decisions::compare(&mut tx, org_id, &row.digest, since).await?;
        tx.commit().await?;
        Ok(Some(compared))
    }
}

/// A document without mistakes that nobody has kept yet, to be tried on what was decided.
///
/// # Errors
/// [`ProvisioningError::Invalid`] naming what is wrong with the document.
pub async fn candidate(document: &str) -> Result<PolicyVersion, ProvisioningError> {
    let text = document.to_owned();
    apart(move || {
        let policy = good(&text)?;
        let rules = RuleSet::compile(&policy.rules).map_err(|error| invalid(&error))?;
        let (name, digest) = (policy.name.clone(), policy.digest());
        Ok(PolicyVersion { name, version: 0, digest, policy, rules: Arc::new(rules) })
    })
    .await
}

/// Reads, compiles and tries a document on a thread that no request waits for: rules and tests of a large one take
/// tens of milliseconds.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ProvisioningError> + Send + 'static,
) -> Result<T, ProvisioningError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or(Err(ProvisioningError::Store(StoreError::Corrupt("policy"))))
}

/// How many mistakes of a document are told at once.
const COMPLAINTS_MAX: usize = 20;

/// Why the author may not publish.
const SECOND_PERSON: &str =
    "this organisation publishes with two people: somebody else than the author must do it";

async fn go_live(
    tx: &mut Tx,
    org_id: &str,
    name: &str,
    version: i32,
    digest: &str,
    actor: &Actor,
) -> Result<(), StoreError> {
    store::policies::make_live(tx, org_id, name, version, &actor.id, Status::Retired.as_str()).await?;
    let noted = json!({ "policy": name, "version": version, "policy_digest": digest });
    note(tx, org_id, actor, action::POLICY_PUBLISHED, noted).await
}

async fn note(
    tx: &mut Tx,
    org_id: &str,
    actor: &Actor,
    action: &'static str,
    metadata: Value,
) -> Result<(), StoreError> {
    let mut journal = Journal::new(org_id, None, tx.now().await?);
    journal.note(actor, action, metadata);
    store::audit_entries::append(tx, org_id, journal.entries()).await
}

async fn reread(tx: &mut Tx, org_id: &str, name: &str, version: i32) -> Result<PolicyRow, StoreError> {
    store::policies::find(tx, org_id, name, version).await?.ok_or(StoreError::Corrupt("policy version"))
}

/// The status, the canonical document and the digest of a new version. A draft with mistakes is kept as it was written;
/// it never judges. One without them is written out like any other: what a stored version does not name stays silent.
fn read(name: &str, document: &str, wish: Wish) -> Result<(Status, Value, String), ProvisioningError> {
    let status = if wish == Wish::Draft { Status::Draft } else { Status::Checked };
    match check(name, document) {
        Ok(policy) => {
            let document = serde_json::to_value(&policy).or(Err(StoreError::Corrupt("policy")))?;
            Ok((status, document, policy.digest()))
        }
        Err(ProvisioningError::Invalid(_)) if wish == Wish::Draft => {
            let document = Value::Object(named(name, document)?);
            let digest = digest_of(&document);
            Ok((status, document, digest))
        }
        Err(error) => Err(error),
    }
}

/// A document without mistakes, under the name in its address; its own tests passed.
fn check(name: &str, document: &str) -> Result<Policy, ProvisioningError> {
    let written = named(name, document)?;
    Policy::check_name(name).map_err(|error| invalid(&error))?;
    let text = PolicyText::read(document).map_err(|complaint| invalid(&complaint))?;
    // a document that has a name is checked as it was written, so that its lines can be named
    let policy = match text.value().get("name") {
        Some(_) => good(document)?,
        None => good(&Value::Object(written).to_string())?,
    };
    Ok(Policy { name: name.to_owned(), ..policy })
}

/// A document without mistakes.
fn good(document: &str) -> Result<Policy, ProvisioningError> {
    let report = crate::policy::check(document);
    report.policy.ok_or_else(|| {
        let complaints = report.complaints.iter().take(COMPLAINTS_MAX).map(ToString::to_string);
        ProvisioningError::Invalid(complaints.collect::<Vec<_>>().join("; "))
    })
}

/// YAML or JSON, with the name that counts.
fn named(name: &str, document: &str) -> Result<serde_json::Map<String, Value>, ProvisioningError> {
    let text = PolicyText::read(document).map_err(|complaint| invalid(&complaint))?;
    let Value::Object(mut written) = text.value().clone() else {
        return Err(ProvisioningError::Invalid("the document must be an object".to_owned()));
    };
    written.insert("name".to_owned(), name.into());
    Ok(written)
}

fn invalid(error: &dyn std::fmt::Display) -> ProvisioningError {
    ProvisioningError::Invalid(error.to_string())
}
