//! The connector as a whole: signatures, recipes, samples and broken input.

mod broken;
mod given;
mod mapping;
mod recipes;
mod samples;
mod schemes;
mod vectors;
