//! Who may call: machine keys and their scopes.

use std::sync::Arc;

use thiserror::Error;

use crate::audit::{Actor, ActorType};
use crate::directory::Tenant;
use crate::store::StoreError;

/// What a machine key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyScope {
    /// Send events.
    EventsWrite,
    /// Verify decision tokens.
    DecisionsVerify,
    /// Answer challenges on behalf of a subject.
    CheckpointWrite,
    /// Read sessions.
    SessionsRead,
    /// Say what became of sessions.
    LabelsWrite,
    /// Release and deny what is held.
    HoldsWrite,
    /// Read the audit log.
    AuditRead,
    /// Read scam reports.
    ReportsRead,
    /// Read policies.
    PoliciesRead,
    /// Publish policies.
    PoliciesWrite,
    /// Read lists.
    ListsRead,
    /// Change lists.
    ListsWrite,
    /// Read deliveries.
    DeliveriesRead,
    /// Have deliveries read anew.
    DeliveriesWrite,
    /// See on which ways codes go.
    SettingsRead,
    /// Change them.
    SettingsWrite,
    /// See how the organisation looks and speaks.
    BrandRead,
    /// Change it.
    BrandWrite,
    /// See the connectors of the deployment.
    ConnectorsRead,
    /// Install connectors for the whole deployment.
    ConnectorsWrite,
}

impl KeyScope {
    /// All scopes of an organisation, for keys that may do everything in it.
    pub const ALL: [Self; 18] = [
        Self::EventsWrite,
        Self::DecisionsVerify,
        Self::CheckpointWrite,
        Self::SessionsRead,
        Self::LabelsWrite,
        Self::HoldsWrite,
        Self::AuditRead,
        Self::ReportsRead,
        Self::PoliciesRead,
        Self::PoliciesWrite,
        Self::ListsRead,
        Self::ListsWrite,
        Self::DeliveriesRead,
        Self::DeliveriesWrite,
        Self::SettingsRead,
        Self::SettingsWrite,
        Self::BrandRead,
        Self::BrandWrite,
    ];

    /// Scopes of the whole deployment: they reach beyond the organisation of their key, so a key has them only where
    /// its maker named them.
    pub const DEPLOYMENT: [Self; 2] = [Self::ConnectorsRead, Self::ConnectorsWrite];

    /// The name used in SQL, in commands and in documentation.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EventsWrite => "events:write",
            Self::DecisionsVerify => "decisions:verify",
            Self::CheckpointWrite => "checkpoint:write",
            Self::SessionsRead => "sessions:read",
            Self::LabelsWrite => "labels:write",
            Self::HoldsWrite => "holds:write",
            Self::AuditRead => "audit:read",
            Self::ReportsRead => "reports:read",
            Self::PoliciesRead => "policies:read",
            Self::PoliciesWrite => "policies:write",
            Self::ListsRead => "lists:read",
            Self::ListsWrite => "lists:write",
            Self::DeliveriesRead => "deliveries:read",
            Self::DeliveriesWrite => "deliveries:write",
            Self::SettingsRead => "settings:read",
            Self::SettingsWrite => "settings:write",
            Self::BrandRead => "brand:read",
            Self::BrandWrite => "brand:write",
            Self::ConnectorsRead => "connectors:read",
            Self::ConnectorsWrite => "connectors:write",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain(Self::DEPLOYMENT).find(|scope| scope.as_str() == name)
    }
}

/// Who calls with a machine key.
#[derive(Debug, Clone)]
pub struct Caller {
    /// On whose behalf.
    pub tenant: Arc<Tenant>,
    /// The key's id.
    pub key_id: String,
    /// What the key may do.
    pub scopes: Vec<KeyScope>,
}

/// Why a call was not let in.
#[derive(Debug, Error)]
pub enum AccessError {
    /// No key, a malformed, unknown or revoked one: all look alike.
    #[error("the API key is missing or not valid")]
    Unauthorized,
    /// The key lacks a scope.
    #[error("the API key lacks the scope `{}`", .0.as_str())]
    Forbidden(KeyScope),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Caller {
    /// Lets the call in when the key has `scope`.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`] naming the scope.
    pub fn require(&self, scope: KeyScope) -> Result<(), AccessError> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(AccessError::Forbidden(scope)) }
    }

    /// The key, as the audit log names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { actor_type: ActorType::Platform, id: self.key_id.clone() }
    }
}
