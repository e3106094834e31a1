//! The random passwords of the cluster's roles, kept in a file that this process's account alone may read.

use data_encoding::HEXLOWER;
use secrecy::SecretString;

use super::draft::replace;
use super::error::ClusterError;
use super::place::Place;

const FILE: &str = "passwords";

/// One password per role, 192 random bits each, in hexadecimal.
pub(super) struct Passwords {
    /// Of the superuser, for set-up alone.
    pub(super) superuser: SecretString,
    /// Of `ase_owner`.
    pub(super) owner: SecretString,
    /// Of `ase_app`.
    pub(super) app: SecretString,
}

impl Passwords {
    /// Draws new passwords and keeps them.
    pub(super) fn make(place: &Place) -> Result<Self, ClusterError> {
        let [superuser, owner, app] = [(); 3].map(|()| HEXLOWER.encode(&rand::random::<[u8; 24]>()));
        let kept = replace(&place.home.join(FILE), 0o600, &format!("{superuser}\n{owner}\n{app}\n"));
        kept.map(|()| Self { superuser: superuser.into(), owner: owner.into(), app: app.into() })
    }

    /// Reads those that were made with the cluster.
    pub(super) fn read(place: &Place) -> Result<Self, ClusterError> {
        let text = std::fs::read_to_string(place.home.join(FILE)).unwrap_or_default();
        let mut lines = text.lines().map(SecretString::from);
        match (lines.next(), lines.next(), lines.next()) {
            (Some(superuser), Some(owner), Some(app)) => Ok(Self { superuser, owner, app }),
            _ => Err(ClusterError::Damaged { path: place.home.clone(), missing: FILE }),
        }
    }
}
