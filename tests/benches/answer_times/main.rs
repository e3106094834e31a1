//! Whether the time of an answer tells what the answer itself does not: codes that are right but for their last digit
//! beside codes that are wrong from the first, and links of resolved sessions beside links that never were.
//!
//! Both kinds are asked in turns over one connection, so that whatever else goes on meets both alike. The same kind is
//! measured against itself, too: what differs there is noise. Nothing is asserted, the figures are for people.
//!
//! `cargo bench -p ase-tests --bench answer_times -- [--runs N]`
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has failed, and what it found is printed"
)]

use std::time::{Duration, Instant};

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use sqlx::{Connection as _, Executor as _, PgConnection};

/// Takes every counter of codes back, so that each run is the first.
const ANEW: &str = "update otp_codes set tries = 0, expires_at = clock_timestamp() + interval '5 minutes'; delete from rate_limits;
    update sessions set otp_tries = 0, expires_at = clock_timestamp() + interval '5 minutes' where status = 'pending'";

/// Times of two kinds of answers, asked in turns.
#[derive(Default)]
struct Pair {
    one: Vec<Duration>,
    other: Vec<Duration>,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut words = std::env::args().skip_while(|word| word != "--runs").skip(1);
    let runs: usize = words.next().map_or(1000, |word| word.parse().unwrap());
    let app = TestApp::start().await;
    println!("{runs} answers of each kind{:>22}{:>10}{:>14}", "p50 ms", "p95 ms", "p50 apart µs");
    let codes = codes(&app, runs).await;
    print(["a code wrong in its last digit", "a code wrong from the first"], &codes);
    let links = links(&app, runs).await;
    print(["a link of a resolved session", "a link that never was"], &links);
}

/// The code with its digits from `from` on raised by one.
fn wrong_from(code: &str, from: usize) -> String {
    let raised = |digit: char| char::from_digit((digit.to_digit(10).unwrap() + 1) % 10, 10).unwrap();
    code.chars().enumerate().map(|(at, digit)| if at < from { digit } else { raised(digit) }).collect()
}

async fn codes(app: &TestApp, runs: usize) -> Pair {
    let (session, code) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let mut owner: PgConnection = app.database.owner().await;
    let mut pair = Pair::default();
    let (late, early) = (wrong_from(&code, 5), wrong_from(&code, 0));
    // one more than is counted: the first finds nothing warm
    for _ in 0..=runs {
        for (wrong, times) in [(&late, &mut pair.one), (&early, &mut pair.other)] {
            owner.execute(ANEW).await.unwrap();
            let begun = Instant::now();
            let answer = app.shop.platform.respond(&session, wrong).await;
            times.push(begun.elapsed());
            answer.problem(422, "otp_incorrect");
        }
    }
    owner.close().await.unwrap();
    pair
}

async fn links(app: &TestApp, runs: usize) -> Pair {
    let resolved = app.shop.platform.ingest(&events::quiet_login("evt-2", "bob")).await.json(201);
    let resolved = text(&resolved["session"]["id"]);
    let missing: String = resolved.chars().rev().collect::<String>().replace("_ses", "");
    let missing = format!("ses_{missing}");
    let visitor = app.shop.platform.with_key("");
    let mut pair = Pair::default();
    for _ in 0..=runs {
        for (id, times) in [(&resolved, &mut pair.one), (&missing, &mut pair.other)] {
            let begun = Instant::now();
            let answer = visitor.get(&format!("/challenge/{id}")).await;
            times.push(begun.elapsed());
            assert_eq!(answer.status, 404);
        }
    }
    pair
}

fn print(names: [&str; 2], pair: &Pair) {
    let (one, other) = (&pair.one[1..], &pair.other[1..]);
    println!("{:<39}{:>8.3}{:>10.3}", names[0], millis(one, 50), millis(one, 95));
    let apart = (millis(one, 50) - millis(other, 50)) * 1e3;
    println!("{:<39}{:>8.3}{:>10.3}{apart:>+14.0}", names[1], millis(other, 50), millis(other, 95));
    let half = |first: usize| one.iter().skip(first).step_by(2).copied().collect::<Vec<_>>();
    let noise = (millis(&half(0), 50) - millis(&half(1), 50)) * 1e3;
    println!("{:<39}{noise:>+32.0}", "the first kind against itself");
}

/// The time that so many in a hundred do not exceed.
fn millis(times: &[Duration], percent: usize) -> f64 {
    let mut millis: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    millis.sort_by(f64::total_cmp);
    millis[(millis.len() - 1) * percent / 100]
}
