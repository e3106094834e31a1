//! The harness, one noun per file.
//!
//! | file | what it owns |
//! |---|---|
//! | [`ground`] | the runtime and the PostgreSQL server of the whole run |
//! | [`database`] | a database per story |
//! | [`app`] | a served application with its organisation and its inbox |
//! | [`binary`] | the real `ase` as a process that can be killed |
//! | [`clock`] | the same on a machine whose clock is wrong |
//! | [`inbox`], [`letter`] | a mail server, and what arrived |
//! | [`provider`] | a provider of text messages |
//! | [`client`] | a platform's back end |
//! | [`sheet`], [`weight`] | a browser without JavaScript: pages, forms, cookies; what a page weighs |
//! | [`chromium`], [`devtools`] | a browser with everything |
//! | [`gallery`], [`axe`] | every page in every state, and the rules that it must follow |
//! | [`shop`], [`site`], [`trap`] | the sample shop, any other web site, and one that nobody may call |
//! | [`sdk`] | the SDKs' own programs |
//! | [`sign`] | how providers sign what they send |
//! | [`fixtures`], [`events`], [`picture`] | what is sent |
//! | [`leaf`] | the audit log's hash, worked out anew |
//! | [`operator`] | who installs connectors, and what is sent to them |
//! | [`policies`] | policy versions, and waiting until they decide |
//! | [`log`] | everything the process logs |
//! | [`until`] | waiting for a condition, never for a time |

pub mod app;
pub mod axe;
pub mod binary;
pub mod chromium;
pub mod client;
pub mod clock;
pub mod database;
pub mod devtools;
pub mod events;
pub mod fixtures;
pub mod gallery;
pub mod ground;
pub mod guest;
pub mod inbox;
pub mod leaf;
pub mod letter;
pub mod log;
pub mod operator;
pub mod picture;
pub mod policies;
pub mod provider;
pub mod sdk;
pub mod sheet;
pub mod shell;
pub mod shop;
pub mod sign;
pub mod site;
pub mod trap;
pub mod until;
pub mod weight;

pub use app::{Node, Setup, Source, Tenant, TestApp};
pub use client::{Answer, Platform};
pub use letter::Letter;
pub use sheet::{Page, Person};
