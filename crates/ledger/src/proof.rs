//! The ledger against a naive model of its rules: random commands, clocks and batches, and after
//! each of them the same answers, balances, lots and transactions on both sides.
//!
//! A case that fails is made as small as it gets, and printed with the seed that it came from.

mod compare;
mod generate;
mod model;
mod resolve;
mod run;
mod shelf;
mod side;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use generate::{Case, Dice};
use run::Seen;

/// Sets where the random cases begin, to look at other ones than usual.
const SEED: &str = option_or(option_env!("LEDGER_PROOF_SEED"), "20231114");

const fn option_or(set: Option<&'static str>, default: &'static str) -> &'static str {
    match set {
        Some(set) => set,
        None => default,
    }
}

#[test]
fn the_ledger_agrees_with_a_naive_model() {
    prove(200_000);
}

#[test]
#[ignore = "takes minutes: `just prove-ledger`"]
fn a_long_run_agrees_with_the_model() {
    prove(10_000_000);
}

/// Runs cases on every core until so many commands have been decided.
fn prove(commands: u64) {
    let started = Instant::now();
    let next = AtomicU64::new(SEED.parse().unwrap());
    let seen = Mutex::new(Seen::new());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while seen.lock().unwrap().values().sum::<u64>() < commands {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let case = Dice(seed).case();
                    let here = attempt(&case)
                        .unwrap_or_else(|why| panic!("seed {seed}: {why}\n{}", smallest(case)));
                    let mut seen = seen.lock().unwrap();
                    here.into_iter()
                        .for_each(|(name, count)| *seen.entry(name).or_default() += count);
                }
            });
        }
    });
    let (seen, took) = (seen.into_inner().unwrap(), started.elapsed().as_secs_f64());
    let decided: u64 = seen.values().sum();
    println!("{decided} commands in {took:.1} s, {:.0}/s: {seen:?}", decided as f64 / took);
    for name in run::NAMES {
        let count = seen.get(name).copied().unwrap_or_default();
        assert!(count >= decided / 1_000, "{name}: only {count} of {decided} answers");
    }
}

fn attempt(case: &Case) -> Result<Seen, String> {
    catch_unwind(AssertUnwindSafe(|| run::run(case)))
        .unwrap_or_else(|_| Err("it panics, see above".to_owned()))
}

/// Leaves out batches and steps for as long as it still fails.
fn smallest(mut case: Case) -> String {
    let mut shrunk = true;
    while shrunk {
        shrunk = false;
        for batch in (0..case.batches.len()).rev() {
            let mut without = case.clone();
            without.batches.remove(batch);
            if attempt(&without).is_err() {
                (case, shrunk) = (without, true);
                continue;
            }
            for step in (0..case.batches[batch].steps.len()).rev() {
                let mut without = case.clone();
                without.batches[batch].steps.remove(step);
                if attempt(&without).is_err() {
                    (case, shrunk) = (without, true);
                }
            }
        }
    }
    let why = attempt(&case).err().unwrap_or_default();
    let Case { grace, users, batches } = &case;
    let batches: String = batches.iter().map(|batch| format!("  {batch:?}\n")).collect();
    format!("smallest: {why}\n  grace {grace}, {users} users\n{batches}")
}
