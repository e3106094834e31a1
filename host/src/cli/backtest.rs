//! How a backtest is shown: the two numbers that decide first.

use ase_engine::backtest::Report;
use serde_json::json;

use super::{CliError, Output};

/// Prints a report.
pub(super) fn show(report: &Report, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.fields(report);
    }
    output
        .line(format!("{} decisions judged again, {} of them otherwise", report.decisions, report.changed))?;
    if report.unreadable > 0 {
        output.line(format!("{} could not be read and are left out", report.unreadable))?;
    }
    output.line("")?;
    output.line(format!(
        "confirmed scams it would have stopped  {} of {} (and missed {} that were stopped)",
        report.scams_stopped, report.scams, report.scams_missed
    ))?;
    output.line(format!(
        "good actions it would have hit         {} of {} (and spared {} that were stopped)",
        report.good_hit, report.good, report.good_spared
    ))?;
    output.line("")?;
    let mut transitions = report.transitions.clone();
    transitions.sort_by_key(|line| std::cmp::Reverse(line.decisions));
    output.rows(&transitions, &["from", "to", "decisions"])?;
    output.line("")?;
    let types: Vec<_> = report
        .stopped_by_type
        .iter()
        .map(|(name, stopped)| {
            json!({
                "event_type": name, "decisions": stopped.decisions,
                "stopped_before": stopped.before, "stopped_after": stopped.after,
            })
        })
        .collect();
    output.rows(&types, &["event_type", "decisions", "stopped_before", "stopped_after"])?;
    if !report.largest.is_empty() {
        output.line("")?;
        let largest: Vec<_> = report.largest.iter().take(10).collect();
        output.rows(&largest, &["session_id", "from", "to", "score_before", "score_after", "label"])?;
    }
    Ok(())
}
