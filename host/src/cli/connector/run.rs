//! `connector run`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::KitArgs;
use crate::cli::{CliError, Output};
use crate::connectors::kit::{Claimed, Golden, Kit, KitError, Piece, Request, Specimen, Times, Trial};

/// Arguments of `ase connector run`.
#[derive(Debug, Args)]
pub(in crate::cli) struct RunArgs {
    #[command(flatten)]
    pub(super) kit: KitArgs,
    /// The recorded request
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// How often it runs; times are the first and the median
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: u32,
}

/// Shows what a request becomes. A connector's no is an answer; only a fault fails.
pub(super) async fn run(kit: &Kit, args: &RunArgs, output: &Output) -> Result<(), CliError> {
    let file = &args.kit.file;
    let specimen = kit.load(file).await.map_err(KitError::component(file))?;
    let request = Request::read(&args.request)?;
    let first = specimen.run(&request).await;
    let mut times = vec![first.times];
    for _ in 1..args.runs {
        times.push(specimen.run(&request).await.times);
    }
    let golden = Golden::of(&first)
        .map_err(|fault| CliError::Refuted(request.conceal(&format!("{}: {fault}", file.display()))))?;
    let costs = costs(&specimen, &request, &first, &times);
    if output.is_json() {
        let hints: Vec<_> = first.would_hold.iter().flatten().collect();
        let all = json!({ "answer": golden, "would_hold": hints, "costs": costs });
        return Ok(output.line(request.conceal(&serde_json::to_string_pretty(&all)?))?);
    }
    for line in told(&request, &first, &golden)? {
        output.line(request.conceal(&line))?;
    }
    output.line("")?;
    output.fields(&costs)
}

/// What it cost: sizes in bytes, times in microseconds, the first run apart from the usual one.
fn costs(specimen: &Specimen, request: &Request, first: &Trial, times: &[Times]) -> Value {
    let step = |pick: fn(&Times) -> f64| {
        let mut all: Vec<f64> = times.iter().map(pick).collect();
        all.sort_by(f64::total_cmp);
        let median = all.get(all.len() / 2).copied().unwrap_or_default();
        format!("{} µs first, {median} µs median of {}", pick(&first.times), times.len())
    };
    let limits = specimen.manifest().limits;
    json!({
        "component": format!("{} bytes, loaded in {} ms", specimen.bytes(), specimen.load_time().as_millis()),
        "body": format!("{} bytes", request.body_bytes()),
        "instantiate": step(|times| times.instantiate_us),
        "authenticate": step(|times| times.authenticate_us),
        "normalize": step(|times| times.normalize_us),
        "memory": format!("{} KiB of {} MiB", first.memory / 1024, limits.memory_mib),
        "deadline": format!("{} ms a call", limits.deadline_ms),
    })
}

fn told(request: &Request, trial: &Trial, golden: &Golden) -> Result<Vec<String>, CliError> {
    let (headers, settings, secrets) = request.counts();
    let bytes = request.body_bytes();
    let mut lines = vec![format!(
        "request  {bytes} bytes of body, {headers} headers, {settings} settings, {secrets} secrets"
    )];
    if !request.about.is_empty() {
        lines.push(format!("         {}", request.about));
    }
    lines.extend(golden.claims.iter().map(|claim| format!("claim    {}", claimed(claim))));
    let hints = trial.would_hold.iter().flatten();
    lines.extend(hints.map(|(hex, base64)| {
        format!("         with the first secret the signature would be {hex} (base64 {base64})")
    }));
    lines.push(format!("verdict  {}", verdict(golden)));
    if let Some(reply) = &golden.reply {
        lines.push(serde_json::to_string_pretty(reply)?);
    }
    for event in &golden.events {
        lines.push(serde_json::to_string_pretty(event)?);
    }
    Ok(lines)
}

fn verdict(golden: &Golden) -> String {
    let refusal = golden.refusal.map(|refusal| format!(", the connector refuses it as {refusal}"));
    let reason = golden.reason.as_ref().map(|reason| format!(": {reason}"));
    let pointer = golden.pointer.as_ref().map(|pointer| format!(" ({pointer})"));
    let more: String = [refusal, reason, pointer].into_iter().flatten().collect();
    format!("{}{more}", golden.verdict)
}

/// A claim in one line.
fn claimed(claim: &Claimed) -> String {
    let piece = |piece: &Piece| {
        let is = piece.is.as_ref().map(|is| format!(" `{is}`")).unwrap_or_default();
        match piece.bytes {
            Some(bytes) => format!("{}{is} ({bytes} bytes)", piece.part),
            None => format!("{}{is} (missing)", piece.part),
        }
    };
    let message = match claim.message.as_slice() {
        [] => String::new(),
        pieces => format!(" over {}", pieces.iter().map(piece).collect::<Vec<_>>().join(" + ")),
    };
    let at = claim.signed_at.as_ref().map(|at| format!(", signed at {at}")).unwrap_or_default();
    format!(
        "{}{message}; secret written as {}; {} signatures{at}",
        claim.algorithm, claim.key, claim.signatures
    )
}
