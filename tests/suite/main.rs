//! All tests that need more than one crate, in one binary.
//!
//! `cargo test -p godwit-tests --test suite -- PATTERN` runs what matches. With `UPDATE=1` the
//! expectations of `.slt` files and examples are rewritten; read every line of the difference.

mod adbc;
mod clients;
mod command_line;
mod examples;
mod go;
mod jdbc;
mod layers;
mod secured;
mod slt;

use libtest_mimic::{Arguments, Trial};

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    // Examples name their data from the root of the repository, as their readers do.
    if std::env::set_current_dir(godwit_tests::repository()).is_err() {
        return std::process::ExitCode::FAILURE;
    }
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(layers::trials());
    trials.extend(slt::trials());
    trials.extend(examples::trials());
    trials.extend(clients::trials());
    trials.extend(command_line::trials());
    trials.extend(adbc::trials());
    trials.extend(go::trials());
    trials.extend(jdbc::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}
