//! How long decisions take. Ignored: only a release build on a quiet machine says something.

use std::hint::black_box;
use std::time::Instant;

use crate::fixtures::*;
use crate::{Action, decide};

const ROUNDS: u32 = 1_000;

/// How long a decision takes in microseconds: the best of many rounds, for others use the cores.
fn measured(desk: &mut Desk, action: Action) -> f64 {
    let command = desk.command("measured", action);
    let round = || {
        let started = Instant::now();
        for _ in 0..ROUNDS {
            let decision = decide(&desk.book, &desk.rules, at(desk.now), &command);
            black_box(decision.expect("it is covered"));
        }
        started.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
    };
    (0..50).map(|_| round()).fold(f64::MAX, f64::min)
}

#[test]
#[ignore = "measures: run it with --release"]
fn deciding_a_charge_among_fifty_lots_takes_a_few_microseconds() {
    for lots in [1, 50, 500] {
        let mut desk = Desk::empty();
        for until in 0..lots {
            desk.done(grant("1", None, Some(1_000_000 - until)));
        }
        let charge = measured(&mut desk, deduct("0.50"));
        let hold = desk.done(reserve("0.50", 10_000));
        let capture = measured(&mut desk, capture(hold, "0.25"));
        println!("{lots} lots: deduct {charge:.2} µs, capture {capture:.2} µs");
        assert!(lots != 50 || charge < 10.0, "{charge} µs");
    }
}
