//! The connector as a whole: signatures, presets, samples and broken input.

mod broken;
mod given;
mod language;
mod mapping;
mod presets;
mod samples;
mod schemes;
mod signed;
mod vectors;
