//! The carrier of Anti Social Engine: HTTP, connectors, pages, mail, configuration and commands.
//!
//! It decides nothing about risk, writes no SQL and names no platform.
//!
//! | room | what it owns |
//! |---|---|
//! | [`config`], [`cli`], [`telemetry`] | settings, commands, logs and measurements |
//! | [`http`], [`server`] | requests and answers; connections and their end |
//! | [`intake`], [`connectors`] | deliveries of platforms, made into events |
//! | [`trial`] | deliveries that nobody sent: what a connector would make of them |
//! | [`pages`] | every page and mail that people see |
//! | [`mail`], [`sms`], [`outbox`] | letters, text messages, and their way out |
//! | [`workers`] | what runs beside the server |
//! | `turns` | what only a few may do at one time |
//! | [`demo`], [`postgres`] | the embedded default and its private cluster |

pub mod app;
mod brand;
pub mod cli;
pub mod config;
pub mod connectors;
pub mod demo;
pub mod http;
pub mod intake;
pub mod mail;
pub mod outbox;
pub mod pages;
pub mod postgres;
pub mod server;
mod signals;
pub mod sms;
pub mod telemetry;
pub mod trial;
mod turns;
pub mod workers;

pub use app::{App, BuildError, Site, build};
pub use server::{ServeError, serve};
