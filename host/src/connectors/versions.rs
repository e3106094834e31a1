//! The versions of `ase:connector` that this build speaks, side by side. Which one a component speaks is chosen once,
//! when it is loaded; its answers are raised to the newest at once, so there is one way after that.

mod raise;
mod v0_1;

use wasmtime::component::InstancePre;
use wasmtime::{Engine, Store};

use super::bindings::{self as v0_2, Delivery, Outcome, Proof, Refusal};
use raise::Raise as _;

/// A minor version; patches add functions only, which this build does not call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// The first.
    V0_1,
    /// With greetings, and signatures over the address.
    V0_2,
}

/// All of them, oldest first.
pub(super) const SPOKEN: [Version; 2] = [Version::V0_1, Version::V0_2];

impl Version {
    /// As manifests write it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::V0_1 => "0.1",
            Self::V0_2 => "0.2",
        }
    }

    /// The version that a manifest names.
    pub(super) fn named(api: &str) -> Option<Self> {
        SPOKEN.into_iter().find(|version| version.as_str() == api)
    }

    /// The version whose patch a component exports, such as `0.1.3`.
    pub(super) fn exported(found: &str) -> Option<Self> {
        let (minor, patch) = found.rsplit_once('.')?;
        patch.parse::<u32>().ok().and_then(|_| Self::named(minor))
    }
}

/// The versions in a sentence: `0.1 and 0.2`.
pub(super) fn spoken() -> String {
    SPOKEN.map(Version::as_str).join(" and ")
}

/// A linked component, by the version that it speaks.
pub(super) enum Spoken<C: 'static> {
    V0_1(v0_1::ConnectorPre<C>),
    V0_2(v0_2::ConnectorPre<C>),
}

/// An instance, by the version that it speaks.
pub(super) enum Voice {
    V0_1(v0_1::Connector),
    V0_2(v0_2::Connector),
}

impl<C: Send + 'static> Spoken<C> {
    /// Looks for the functions of this version.
    ///
    /// # Errors
    /// One is missing.
    pub(super) fn new(linked: InstancePre<C>, version: Version) -> wasmtime::Result<Self> {
        Ok(match version {
            Version::V0_1 => Self::V0_1(v0_1::ConnectorPre::new(linked)?),
            Version::V0_2 => Self::V0_2(v0_2::ConnectorPre::new(linked)?),
        })
    }

    /// The engine that it was compiled for.
    pub(super) fn engine(&self) -> &Engine {
        match self {
            Self::V0_1(pre) => pre.engine(),
            Self::V0_2(pre) => pre.engine(),
        }
    }

    /// Makes an instance; types that are not those of the version are found out here.
    ///
    /// # Errors
    /// The guest's fault, or a limit.
    pub(super) async fn instantiate(&self, store: &mut Store<C>) -> wasmtime::Result<Voice> {
        Ok(match self {
            Self::V0_1(pre) => Voice::V0_1(pre.instantiate_async(store).await?),
            Self::V0_2(pre) => Voice::V0_2(pre.instantiate_async(store).await?),
        })
    }
}

impl Voice {
    /// What must be true for the delivery to be authentic, as the guest says.
    ///
    /// # Errors
    /// The guest's fault, or a limit.
    pub(super) async fn authenticate<C: Send>(
        &self,
        store: &mut Store<C>,
        input: Delivery<'_>,
    ) -> wasmtime::Result<Result<Proof, Refusal>> {
        match self {
            Self::V0_1(guest) => {
                let (headers, settings) = v0_1::lists(&input);
                let input = v0_1::lower(&input, &headers, &settings);
                let said = guest.ase_connector_normalizer().call_authenticate(store, input).await?;
                Ok(said.map(|claims| Proof::Claims(claims.raise())).map_err(raise::Raise::raise))
            }
            Self::V0_2(guest) => guest.ase_connector_normalizer().call_authenticate(store, input).await,
        }
    }

    /// What the delivery becomes, as the guest says.
    ///
    /// # Errors
    /// The guest's fault, or a limit.
    pub(super) async fn normalize<C: Send>(
        &self,
        store: &mut Store<C>,
        input: Delivery<'_>,
    ) -> wasmtime::Result<Result<Outcome, Refusal>> {
        match self {
            Self::V0_1(guest) => {
                let (headers, settings) = v0_1::lists(&input);
                let input = v0_1::lower(&input, &headers, &settings);
                let said = guest.ase_connector_normalizer().call_normalize(store, input).await?;
                Ok(said.map(raise::Raise::raise).map_err(raise::Raise::raise))
            }
            Self::V0_2(guest) => guest.ase_connector_normalizer().call_normalize(store, input).await,
        }
    }
}
