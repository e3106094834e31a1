//! How a simulation is shown: what was stopped, then whom it cost something, then why.

use ase_engine::simulation::{Report, Weight};
use serde_json::{Value, json};

use super::super::{CliError, Output};

/// Prints a report.
pub(super) fn show(report: &Report, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.fields(report);
    }
    let plan = &report.plan;
    output.line(format!(
        "{} honest people and {} victims of each script, seed {}, policy `{}` ({})",
        plan.people, plan.victims, plan.seed, report.policy, report.policy_digest
    ))?;
    output.line(format!(
        "{} events screened; the figures are of the last {} days",
        report.events, report.measured_days
    ))?;
    scams(report, output)?;
    friction(report, output)?;
    let table = [
        ("what stopped harmful events, in points per event", &report.caught_by),
        ("what let harmful events through", &report.missed_with),
        ("what stopped honest events", &report.disturbed_by),
    ];
    for (title, weights) in table {
        output.line(format!("\n{title}: {}", in_words(weights)))?;
    }
    output.line("\nSimulated: the figures compare policies; they foretell nothing of a real platform.")?;
    Ok(())
}

fn scams(report: &Report, output: &Output) -> Result<(), CliError> {
    output.line(format!(
        "\nscams (stopped: delayed by a question, or blocked; in the end: {} % lie when asked)\n",
        (report.plan.coached_lie * 100.0).round()
    ))?;
    let rows: Vec<Value> = report
        .scams
        .iter()
        .map(|row| {
            json!({
                "script": row.script,
                "scams": row.scams,
                "before_any_loss": share(row.stopped_in_time, row.scams),
                "at_first_harm": share(row.stopped_at_first, row.scams),
                "at_every_harm": share(row.stopped_always, row.scams),
                "harmful_events": share(row.harmful_stopped, row.harmful),
                "blocked": share(row.harmful_blocked, row.harmful),
                "unflagged": share(row.unflagged_in_time, row.scams - row.flagged),
                "no_loss_in_the_end": share(row.nothing_lost, row.scams),
            })
        })
        .collect();
    let columns = [
        "script",
        "scams",
        "before_any_loss",
        "at_first_harm",
        "at_every_harm",
        "harmful_events",
        "blocked",
        "unflagged",
        "no_loss_in_the_end",
    ];
    output.rows(&rows, &columns)?;
    Ok(output.line("unflagged: before any loss, where no device told of a call or a shared screen")?)
}

fn friction(report: &Report, output: &Output) -> Result<(), CliError> {
    output.line("\nhonest actions\n")?;
    let rows: Vec<Value> = report
        .honest
        .iter()
        .map(|row| {
            json!({
                "kind": row.kind,
                "actions": row.actions,
                "delayed": share(row.delayed, row.actions),
                "blocked": share(row.blocked, row.actions),
            })
        })
        .collect();
    output.rows(&rows, &["kind", "actions", "delayed", "blocked"])?;
    Ok(output.line(format!(
        "honest people who were asked at least once in {} days: {} of {}",
        report.measured_days,
        share(report.honest_people_asked, report.honest_people),
        report.honest_people
    ))?)
}

/// A part in per cent, to one digit.
fn share(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    format!("{:.1} %", f64::from(part) * 100.0 / f64::from(whole))
}

fn in_words(weights: &[Weight]) -> String {
    let words: Vec<String> = weights
        .iter()
        .take(6)
        .map(|weight| format!("{} {}", weight.reason, weight.points_per_event))
        .collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_per_cent_and_none_of_nothing() {
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(3, 3), "100.0 %");
        assert_eq!(share(0, 0), "-");
    }
}
