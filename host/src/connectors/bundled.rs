//! The connectors that the build script made and embedded. None is known by name here.

/// One embedded component.
pub(super) struct Bundled {
    /// Directory that it was built from, for messages.
    pub(super) name: &'static str,
    /// The whole component with its manifest.
    pub(super) component: &'static [u8],
}

/// All of them.
pub(super) static BUNDLED: &[Bundled] = include!(concat!(env!("OUT_DIR"), "/bundled.rs"));
