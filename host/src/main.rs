//! The `ase` command.
fn main() {}
