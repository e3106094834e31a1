//! The `ase` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ase_host::cli::main()
}
