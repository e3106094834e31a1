//! The judge of Anti Social Engine: it scores events, keeps sessions, judges answers, signs decision tokens and
//! writes the audit log.
//!
//! | room | what it owns |
//! |---|---|
//! | [`event`], [`history`], [`features`] | what happened, what is known of the past, and what is judged of both |
//! | [`signal`], [`rule`], [`score`], [`policy`], [`decision`] | from facts to an outcome, pure |
//! | [`session`], [`challenge`], [`token`], [`audit`] | the path of a challenged subject, pure |
//! | [`screening`] | flow 1: an event in, a decision out |
//! | [`verification`] | flow 2: an answer in, a token out, the token redeemed |
//! | [`review`], [`label`] | flow 3: what analysts see, and what they say |
//! | [`channel`] | which versions of a connector read, pure |
//! | [`reach`], [`phone`], [`limit`] | on which ways codes go, and how many, pure |
//! | [`variant`], [`analytics`] | wordings for whoever breaks off contact, and what came of each |
//! | [`lists`] | whom and what an organisation denies, watches and allows, pure |
//! | [`provisioning`] | organisations, keys, users, sources, policies, entries of lists, connectors |
//! | [`dispatch`] | what waits: messages to send, deliveries to try again |
//! | [`shadow`], [`breaker`], [`backtest`] | candidates beside the live policy, and the way back |
//! | [`simulation`] | labelled people and five scripts, and what a policy makes of them |
//! | [`store`] | every line of SQL |
//!
//! It never sees HTTP, wasm, a template, SMTP, or the name of a platform.
#![forbid(unsafe_code)]

pub mod access;
mod account;
pub mod analytics;
pub mod audit;
pub mod backtest;
pub mod brand;
pub mod breaker;
pub mod challenge;
pub mod channel;
pub mod clock;
mod contact;
pub mod decision;
pub mod directory;
pub mod dispatch;
pub mod event;
pub mod features;
pub mod history;
pub mod id;
pub mod inbox;
mod issue;
mod journal;
pub mod label;
pub mod limit;
pub mod lists;
pub mod mark;
pub mod nearest;
pub mod org;
pub mod outbox;
pub mod password;
pub mod phone;
pub mod policy;
pub mod problem;
pub mod provisioning;
pub mod reach;
pub mod review;
pub mod rule;
pub mod score;
pub mod screening;
pub mod seeding;
pub mod session;
pub mod shadow;
pub mod signal;
pub mod simulation;
pub mod store;
pub mod token;
pub mod trace;
pub mod variant;
pub mod vault;
pub mod verification;

use std::sync::Arc;

use chrono::TimeDelta;

use crate::directory::Directory;
use crate::shadow::ShadowQueue;
use crate::store::Store;
use crate::vault::MasterKey;

/// The engine over one store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Engine {
    store: Store,
    master: Arc<MasterKey>,
    directory: Arc<Directory>,
    shadows: Arc<ShadowQueue>,
    /// Origin of all links and issuer of all tokens, without a slash at its end.
    public_url: Arc<str>,
    /// The deployment can send text messages.
    texts: bool,
    /// How long the question must have been shown before a "no" is taken.
    look: TimeDelta,
}

impl Engine {
    /// An engine over `store`. `public_url` is where people reach it, and the issuer of its tokens.
    #[must_use]
    pub fn new(store: Store, master: MasterKey, public_url: &str) -> Self {
        let master = Arc::new(master);
        Self {
            directory: Arc::new(Directory::new(store.clone(), Arc::clone(&master))),
            shadows: Arc::new(ShadowQueue::new()),
            store,
            master,
            public_url: public_url.trim_end_matches('/').into(),
            texts: false,
            look: challenge::LOOK,
        }
    }

    /// The same, where the question must have been shown for `look` before a "no" is taken.
    #[must_use]
    pub fn with_look(self, look: TimeDelta) -> Self {
        Self { look, ..self }
    }

    /// How long the question must have been shown before a "no" is taken.
    #[must_use]
    pub fn look(&self) -> TimeDelta {
        self.look
    }

    /// The same, where the deployment can send text messages.
    #[must_use]
    pub fn with_texts(self, texts: bool) -> Self {
        Self { texts, ..self }
    }

    /// The store, for workers and for readiness.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Tenants, keys and sources.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Where people reach the server.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }
}
