//! Erasing a person from kept requests: also from those that became no event, and of which nothing else tells whom they
//! name.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{KeptRequest, context};
use crate::Engine;
use crate::audit::action;
use crate::directory::Tenant;
use crate::event::Subject;
use crate::id::random_id;
use crate::journal::{Journal, engine_actor};
use crate::screening::API_SOURCE;
use crate::store::deliveries::KeptOfSource;
use crate::store::notices::Unswept;
use crate::store::{self, Scope, StoreError};
use crate::vault::OrgVault;

/// Requests that are looked through at once.
const PAGE: i64 = 100;
/// How long an erasure waits for deliveries that are still tried before it looks again.
const AGAIN_SECONDS: f64 = 300.0;

/// What a request is looked through for, in lower case. Rather one request too many is wiped than one too few: only
/// copies are lost, never what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sought(Vec<String>);

impl Sought {
    pub(crate) fn of(subject: &Subject) -> Self {
        let told = [Some(subject.id.as_str()), subject.email.as_deref(), subject.phone.as_deref()];
        let mut words: Vec<String> = told.into_iter().flatten().map(str::to_lowercase).collect();
        // as a form writes it
        words.extend(subject.email.iter().map(|email| email.to_lowercase().replace('@', "%40")));
        words.retain(|word| !word.is_empty());
        Self(words)
    }

    fn of_id(subject_id: &str) -> Self {
        Self(vec![subject_id.to_lowercase()])
    }

    pub(crate) fn seal(&self, vault: &OrgVault, notice_id: &str) -> Option<Vec<u8>> {
        let written = serde_json::to_vec(self).ok()?;
        Some(vault.seal(&sealed_for(notice_id), &written, &mut rand::rng()))
    }

    fn open(vault: &OrgVault, notice_id: &str, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&vault.open(&sealed_for(notice_id), sealed).ok()?).ok()
    }

    fn is_in(&self, request: &KeptRequest) -> bool {
        let texts = [request.body.to_ascii_lowercase(), request.query.to_ascii_lowercase().into_bytes()];
        self.0.iter().any(|word| texts.iter().any(|text| holds(text, word.as_bytes())))
    }
}

fn sealed_for(notice_id: &str) -> String {
    format!("sought/{notice_id}")
}

/// True where `word` stands in `text` by itself: 7 is not in 17.
fn holds(text: &[u8], word: &[u8]) -> bool {
    let letter =
        |place: Option<usize>| place.and_then(|place| text.get(place)).is_some_and(u8::is_ascii_alphanumeric);
    text.windows(word.len().max(1))
        .enumerate()
        .any(|(at, window)| window == word && !letter(at.checked_sub(1)) && !letter(Some(at + word.len())))
}

impl Engine {
    /// Looks through the kept requests for one person who asked to be forgotten. False when nobody waits for that.
    /// What still waits for its connector is looked at again once it is settled: what was verified is never lost.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then it is done again.
    pub async fn sweep_erasure(&self) -> Result<bool, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let taken = store::notices::take_unswept(&mut tx, AGAIN_SECONDS).await?;
        tx.commit().await?;
        let Some(notice) = taken else { return Ok(false) };
        let Some(tenant) = self.directory.tenant(&notice.org_id).await? else { return Ok(true) };
        let sealed = notice.sought.as_deref();
        let sought = sealed.and_then(|sealed| Sought::open(&tenant.vault, &notice.notice_id, sealed));
        let sought = sought.unwrap_or_else(|| Sought::of_id(&notice.subject_id));
        let (wiped, waiting) = self.sweep(&tenant, &notice, &sought).await?;
        if !waiting {
            self.swept(&notice, wiped).await?;
        }
        Ok(true)
    }

    /// Wipes what names the person. How many requests were, and whether some still wait for their connector.
    async fn sweep(
        &self,
        tenant: &Tenant,
        notice: &Unswept,
        sought: &Sought,
    ) -> Result<(u64, bool), StoreError> {
        let (mut after, mut wiped, mut waiting) = (String::new(), 0, false);
        loop {
            let mut tx = self.store.begin(Scope::Org(&notice.org_id)).await?;
            let source = of_source(notice);
            let page =
                store::deliveries::kept(&mut tx, &notice.org_id, source, notice.received_at, &after, PAGE)
                    .await?;
            let named: Vec<&KeptOfSource> = page.iter().filter(|kept| names(tenant, kept, sought)).collect();
            waiting |= named.iter().any(|kept| kept.status == "deferred");
            let ids: Vec<String> = named.iter().map(|kept| kept.delivery_id.clone()).collect();
            wiped += store::deliveries::wipe(&mut tx, &notice.org_id, &ids).await?;
            tx.commit().await?;
            match page.last() {
                Some(last) => after.clone_from(&last.delivery_id),
                None => return Ok((wiped, waiting)),
            }
        }
    }

    async fn swept(&self, notice: &Unswept, wiped: u64) -> Result<(), StoreError> {
        let Unswept { org_id, notice_id, subject_id, .. } = notice;
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if notice.sweeps > 1 {
            // what waited became events meanwhile
            let pseudonym = random_id("erased_", &mut rand::rng());
            let source = of_source(notice);
            store::notices::erase_subject(&mut tx, org_id, source, subject_id, &pseudonym, notice_id).await?;
        }
        store::notices::swept(&mut tx, org_id, notice_id).await?;
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        let noted = json!({ "notice_id": notice_id, "requests": wiped });
        journal.note(&engine_actor(), action::REQUESTS_ERASED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await
    }
}

/// A platform speaks of its own accounts; the organisation itself, by its key, of the person wherever they are known.
fn of_source(notice: &Unswept) -> Option<&str> {
    Some(notice.source_id.as_str()).filter(|source| *source != API_SOURCE)
}

/// What does not open can be read by nobody.
fn names(tenant: &Tenant, kept: &KeptOfSource, sought: &Sought) -> bool {
    let plain = tenant.vault.open(&context(&kept.source_id, &kept.body_digest), &kept.request).ok();
    plain.and_then(|plain| KeptRequest::read(&plain)).is_some_and(|request| sought.is_in(&request))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_found_by_id_and_address_and_nobody_else_is() {
        let subject =
            Subject { id: "7".to_owned(), email: Some("Ana@Example.com".to_owned()), ..Subject::default() };
        let sought = Sought::of(&subject);
        let table = [
            (r#"{"customer":{"id":7}}"#, "", true),
            (r#"{"email":"ana@example.COM"}"#, "", true),
            ("email=ana%40example.com&x=1", "", true),
            ("{}", "customer=7", true),
            (r#"{"id":17,"total":"70.70","at":"2026-07-07"}"#, "", false),
            (r#"{"email":"diana@example.com"}"#, "", false),
            ("", "", false),
        ];
        for (body, query, found) in table {
            let request = KeptRequest { body: body.into(), query: query.to_owned(), headers: Vec::new() };
            assert_eq!(sought.is_in(&request), found, "{body} {query}");
        }
    }
}
