//! `connector test`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::GrantArgs;
use crate::cli::{CliError, Output};
use crate::connectors::kit::{Fixture, Kit, KitError, Suite, SuiteReport, Verdict};

/// Arguments of `ase connector test`.
#[derive(Debug, Args)]
pub(in crate::cli) struct TestArgs {
    /// A project that was built, or a component
    #[arg(value_name = "DIR|FILE")]
    what: PathBuf,
    /// Where the recorded requests are [default: DIR/fixtures]
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// Write what comes as what is expected: read it before you keep it
    #[arg(long)]
    update: bool,
    /// Fail when fixtures exercise fewer of the declared topics, in per cent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    min_coverage: Option<u32>,
    #[command(flatten)]
    pub(super) grant: GrantArgs,
}

/// Runs every fixture; fails when one failed.
pub(super) async fn run(kit: &Kit, args: TestArgs, output: &Output) -> Result<(), CliError> {
    let (file, beside) = component(&args.what)?;
    let Some(dir) = args.fixtures.or(beside) else {
        return Err(CliError::Argument(
            "--fixtures DIR is missing: a file alone does not say where they are".to_owned(),
        ));
    };
    let specimen = kit.load(&file).await.map_err(KitError::component(&file))?;
    let suite = Suite { dir, update: args.update, min_coverage: args.min_coverage };
    let report = suite.run(&specimen).await?;
    if output.is_json() {
        let percent = report.coverage.percent();
        let SuiteReport { fixtures, coverage, problems } = &report;
        output.fields(&json!({ "good": report.is_good(), "fixtures": fixtures, "coverage": coverage,
            "coverage_percent": percent, "problems": problems }))?;
    } else {
        tell(&report, output)?;
        output.line(summary(&report))?;
    }
    if report.is_good() {
        return Ok(());
    }
    Err(CliError::Refuted(format!("{} does not do what its fixtures expect", file.display())))
}

/// The component of a project, with its fixtures; or the component itself.
fn component(what: &Path) -> Result<(PathBuf, Option<PathBuf>), CliError> {
    if !what.is_dir() {
        return Ok((what.to_owned(), None));
    }
    let entries = std::fs::read_dir(what)?.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let built: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "wasm")).collect();
    match built.as_slice() {
        [component] => Ok((component.clone(), Some(what.join("fixtures")))),
        [] => Err(CliError::Argument(format!(
            "{dir} holds no component: run `ase connector build {dir}` first",
            dir = what.display()
        ))),
        _ => Err(CliError::Argument(format!(
            "{} holds more than one component: name the one to test, and --fixtures DIR",
            what.display()
        ))),
    }
}

/// A line per fixture, with what is to be said of it below.
fn tell(report: &SuiteReport, output: &Output) -> Result<(), CliError> {
    for fixture in &report.fixtures {
        let (colour, word) = match fixture.verdict {
            Verdict::Passed => ("32", "ok"),
            Verdict::Written => ("33", "written"),
            Verdict::Failed => ("31", "FAILED"),
        };
        output.styled(format!("\x1b[{colour}m{word:<8}\x1b[0m{}", fixture.name))?;
        details(fixture, output)?;
    }
    for problem in &report.problems {
        output.styled(format!("\x1b[31mFAILED\x1b[0m  {problem}"))?;
    }
    for topic in &report.coverage.missing {
        output.line(format!("        no fixture exercises {topic}"))?;
    }
    Ok(())
}

fn details(fixture: &Fixture, output: &Output) -> Result<(), CliError> {
    for note in &fixture.notes {
        output.line(format!("        {note}"))?;
    }
    for line in &fixture.diff {
        let colour = match line.as_bytes().first() {
            Some(b'+') => "32",
            Some(b'-') => "31",
            Some(b'@') => "36",
            _ => "0",
        };
        output.styled(format!("        \x1b[{colour}m{line}\x1b[0m"))?;
    }
    Ok(())
}

/// One line that says all of it.
fn summary(report: &SuiteReport) -> String {
    let count = |verdict| report.count(verdict);
    let coverage = &report.coverage;
    let mut parts = vec![format!("{} passed", count(Verdict::Passed))];
    for (verdict, word) in [(Verdict::Written, "written"), (Verdict::Failed, "failed")] {
        if count(verdict) > 0 {
            parts.push(format!("{} {word}", count(verdict)));
        }
    }
    if !report.problems.is_empty() {
        parts.push(format!("{} other problems", report.problems.len()));
    }
    let topics = coverage.exercised.len() + coverage.missing.len();
    format!(
        "{} fixtures: {}; each ran twice; {} of {topics} topics exercised ({} %)",
        report.fixtures.len(),
        parts.join(", "),
        coverage.exercised.len(),
        coverage.percent()
    )
}
