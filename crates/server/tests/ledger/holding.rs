//! How holds end when several want to end them: scenarios 8 to 13.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use kernel::{Span, TransactionId, UserId};
use ledger::{Action, EntryKind, HoldEnd, LateCapture, OverCapture, Rejection};
use ports::Clock;

use super::world::{
    World, capture, credits, deduct, end_of, purchase, refusal, release, reserve, reserve_with,
};

#[tokio::test]
async fn scenario_08_of_two_who_end_a_hold_at_once_the_first_wins_and_the_other_is_told() {
    let world = World::new().await;
    let user = world.user(1).await;
    let processes = [world.process().await, world.process().await];
    processes[0].done(user, "p", purchase("100")).await;
    let ends: [fn(TransactionId) -> Action; 4] =
        [|hold| capture(hold, Some("1")), |hold| capture(hold, None), release, release];
    let (mut captured, mut released) = (0, 0);
    for round in 0..60 {
        let hold = processes[0].done(user, &format!("h{round}"), reserve("2", 600)).await.id;
        // Every pair of ends, each from either side.
        let pair = [ends[round % 4], ends[round / 4 % 4]];
        let calls = (0..2).map(|side| {
            let id = format!("e{round}-{side}");
            processes[(round + side) % 2].call(user, &id, pair[side](hold))
        });
        let answers: Vec<_> =
            join_all(calls).await.into_iter().map(|answer| answer.unwrap()).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        let stored = world.stored(user, hold).await;
        for refused in answers.into_iter().filter(|answer| answer.is_err()) {
            let expected = match end_of(&stored) {
                Some(HoldEnd::Captured) => {
                    captured += 1;
                    Rejection::HoldCaptured { captured: stored.captured }
                }
                Some(HoldEnd::Released) => {
                    released += 1;
                    Rejection::HoldReleased
                }
                other => panic!("{other:?}"),
            };
            assert_eq!(refusal(refused), expected);
        }
    }
    assert!(captured > 0 && released > 0);
    let kinds = [EntryKind::Captured, EntryKind::Released];
    let ended = world.entries(user).await;
    assert_eq!(ended.iter().filter(|entry| kinds.contains(&entry.kind)).count(), 60);
}

#[tokio::test]
async fn scenario_08_an_end_that_is_repeated_gets_its_first_answer() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    first.done(user, "p", purchase("10")).await;
    let hold = first.done(user, "h", reserve("2", 600)).await.id;
    let charge = first.done(user, "c", capture(hold, Some("1.5"))).await;
    assert_eq!(
        second.refused(user, "x", release(hold)).await,
        Rejection::HoldCaptured { captured: credits("1.5") }
    );
    let again = second.run(user, "c", capture(hold, Some("1.50"))).await.unwrap();
    assert!(again.replayed && again.transaction == charge);
    // The refused release is not recorded: it may not steal the id from a later call either.
    assert!(matches!(
        first.refused(user, "x", capture(hold, None)).await,
        Rejection::HoldCaptured { .. }
    ));
    let money = world.money(user).await;
    assert_eq!(money, "8.50 available, 0.00 held, 1.50 spent, 0.00 forfeited");
}

/// A thousand captures around the ends of their leases, while the clock runs over them and two
/// sweepers tidy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_09_a_capture_at_the_end_of_the_lease_is_made_or_lapsed_and_never_both() {
    const WAVES: usize = 20;
    const HOLDS: usize = 50;
    let world = World::new().await;
    let users = world.users(1..11).await;
    let processes = [world.process().await, world.process().await];
    for user in &users {
        processes[0].done(*user, "p", purchase("1000")).await;
    }
    let (mut captured, mut lapsed) = (0, 0);
    for wave in 0..WAVES {
        let holds = reserve_wave(&processes[0], &users, wave, HOLDS).await;
        let capture_of = |number: usize| {
            let (user, hold) = holds[number];
            processes[number % 2].call(user, &format!("c{wave}-{number}"), capture(hold, None))
        };
        // One before the clock moves and one after: both orders occur in every wave.
        let mut answers = vec![capture_of(0).await.unwrap()];
        let running = run_clock_over_the_end(&world);
        let sweeping = processes.each_ref().map(|process| {
            let over = running.1.clone();
            process.spawn(async move |ledger| {
                while !over.load(Ordering::SeqCst) {
                    ledger.tidy().await.unwrap();
                }
            })
        });
        let calls: Vec<_> = (1..HOLDS - 1).map(capture_of).collect();
        answers.extend(join_all(calls).await.into_iter().map(|answer| answer.unwrap()));
        running.0.await.unwrap();
        for sweeper in sweeping {
            sweeper.await.unwrap();
        }
        answers.push(capture_of(HOLDS - 1).await.unwrap());
        processes[wave % 2].tidy().await;

        let mut stored = std::collections::BTreeMap::new();
        for user in &users {
            let audit = world.audit(*user).await;
            stored.extend(audit.transactions.into_iter().map(|found| ((*user, found.id), found)));
        }
        for ((user, hold), answer) in holds.into_iter().zip(answers) {
            let stored = &stored[&(user, hold)];
            match (answer, end_of(stored)) {
                (Ok(_), Some(HoldEnd::Captured)) => captured += 1,
                (refused @ Err(_), Some(HoldEnd::Lapsed)) => {
                    assert!(matches!(refusal(refused), Rejection::HoldLapsed { .. }));
                    lapsed += 1;
                }
                (answer, end) => panic!("told {answer:?}, is {end:?}"),
            }
        }
    }
    assert_eq!(captured + lapsed, WAVES * HOLDS);
    assert!(captured >= WAVES && lapsed >= WAVES, "{captured} captured, {lapsed} lapsed");
    let mut spent = 0;
    for user in users {
        let account = world.audit(user).await.account;
        assert!(account.held.is_zero());
        spent += usize::try_from(account.spent.hundredths() / 100).unwrap();
    }
    assert_eq!(spent, captured, "each capture is one credit");
}

async fn reserve_wave(
    process: &super::world::Process,
    users: &[UserId],
    wave: usize,
    holds: usize,
) -> Vec<(UserId, TransactionId)> {
    let calls = (0..holds).map(|number| {
        let user = users[number % users.len()];
        process.call(user, &format!("h{wave}-{number}"), reserve("1", 1))
    });
    let answers = join_all(calls).await;
    answers
        .into_iter()
        .map(|answer| answer.unwrap().unwrap().transaction)
        .map(|hold| (hold.user, hold.id))
        .collect()
}

/// Moves the clock in small steps, as fast as it goes, until every lease of a second is over.
fn run_clock_over_the_end(world: &World) -> (tokio::task::JoinHandle<()>, Arc<AtomicBool>) {
    let (clock, over) = (world.clock.clone(), Arc::new(AtomicBool::new(false)));
    let ended = over.clone();
    let running = tokio::spawn(async move {
        let end = clock.now().saturating_add(Span::from_micros(1_100_000).unwrap());
        while clock.now() < end {
            clock.advance(Span::from_micros(10_000).unwrap());
            // Long enough for some of the captures to be decided at this moment.
            tokio::time::sleep(std::time::Duration::from_micros(300)).await;
        }
        ended.store(true, Ordering::SeqCst);
    });
    (running, over)
}

#[tokio::test]
async fn scenario_10_two_sweepers_and_whoever_comes_by_restore_a_hold_once() {
    let world = World::new().await;
    let users = world.users(1..21).await;
    let processes = [world.process().await, world.process().await, world.process().await];
    let mut holds = Vec::new();
    for user in &users {
        processes[0].done(*user, "p", purchase("10")).await;
        for number in 0..3 {
            let lease = reserve("2", 60 + number);
            holds.push((*user, processes[0].done(*user, &format!("h{number}"), lease).await.id));
        }
    }
    world.pass_secs(100);
    let sweeping = [0, 1]
        .map(|number: usize| processes[number].spawn(async |ledger| ledger.tidy().await.map(drop)));
    let calls: Vec<_> = holds
        .iter()
        .enumerate()
        .map(|(number, (user, hold))| {
            processes[number % 3].call(*user, &format!("c{number}"), capture(*hold, None))
        })
        .collect();
    for answer in join_all(calls).await {
        assert!(matches!(refusal(answer.unwrap()), Rejection::HoldLapsed { .. }));
    }
    for sweeper in sweeping {
        sweeper.await.unwrap().unwrap();
    }
    processes[2].tidy().await;
    for user in users {
        assert_eq!(world.count(user, EntryKind::Lapsed).await, 3);
        let money = world.money(user).await;
        assert_eq!(money, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited");
    }
}

#[tokio::test]
async fn scenario_11_a_day_without_a_sweeper_changes_no_balance_and_no_decision() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    first.done(user, "p", purchase("10")).await;
    first.done(user, "g", super::world::grant("5", world.in_secs(3_600))).await;
    let hold = first.done(user, "h", reserve("8", 60)).await.id;
    world.pass_secs(24 * 60 * 60);

    // Nobody has posted anything, and still everyone sees it.
    let as_posted = "7.00 available, 8.00 held, 0.00 spent, 0.00 forfeited";
    let as_it_is = "10.00 available, 0.00 held, 0.00 spent, 5.00 forfeited";
    assert_eq!(world.money(user).await, as_posted);
    for process in [&first, &second] {
        assert_eq!(process.money(user).await, as_it_is);
    }
    assert_eq!(world.money(user).await, as_posted, "reading posts nothing");
    let read = second.within(async move |ledger| ledger.transaction(user, hold).await).await;
    assert_eq!(end_of(&read.unwrap()), Some(HoldEnd::Lapsed));

    assert!(matches!(
        second.refused(user, "d", deduct("10.01")).await,
        Rejection::InsufficientCredits { .. }
    ));
    second.done(user, "d", deduct("10")).await;
    let money = world.money(user).await;
    assert_eq!(money, "0.00 available, 0.00 held, 10.00 spent, 5.00 forfeited");
    assert_eq!(first.tidy().await, 0, "nothing is left to tidy");
    // What the clock did is dated when it fell due, not when it was noticed.
    let late = world.entries(user).await.into_iter().find(|it| it.kind == EntryKind::Lapsed);
    let noticed = world.clock.now().since(late.unwrap().at);
    assert!(noticed > Span::from_secs(23 * 60 * 60));
}

#[tokio::test]
async fn scenario_12_after_the_lapse_the_stored_policy_decides_and_the_entry_says_so() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    first.done(user, "p", purchase("10")).await;
    let hold = async |id: &str, late| {
        first.done(user, id, reserve_with("3", 60, OverCapture::Reject, late)).await.id
    };
    let strict = hold("h1", LateCapture::Reject).await;
    let lenient = hold("h2", LateCapture::AcceptIfCovered).await;
    let uncovered = hold("h3", LateCapture::AcceptIfCovered).await;
    world.pass_secs(61);
    assert!(matches!(
        second.refused(user, "c1", capture(strict, None)).await,
        Rejection::HoldLapsed { .. }
    ));
    let late = second.done(user, "c2", capture(lenient, Some("2"))).await;
    assert_eq!((end_of(&late), late.captured), (Some(HoldEnd::CapturedLate), credits("2")));
    assert_eq!(world.count(user, EntryKind::CapturedLate).await, 1);
    assert_eq!(world.count(user, EntryKind::Captured).await, 0);
    second.done(user, "d", deduct("7")).await;
    assert!(matches!(
        first.refused(user, "c3", capture(uncovered, None)).await,
        Rejection::InsufficientCredits { .. }
    ));
    let money = world.money(user).await;
    assert_eq!(money, "1.00 available, 0.00 held, 9.00 spent, 0.00 forfeited");
}

#[tokio::test]
async fn scenario_13_less_all_more_and_nothing_follow_the_policy_that_was_stored() {
    let world = World::new().await;
    let (first, second) = (world.process().await, world.process().await);
    let cases = [
        (OverCapture::Reject, Some("3"), Some("3"), "7.00 available"),
        (OverCapture::Reject, None, Some("4"), "6.00 available"),
        (OverCapture::Reject, Some("0"), Some("0"), "10.00 available"),
        (OverCapture::Reject, Some("4.01"), None, "6.00 available"),
        (OverCapture::Cap, Some("9"), Some("4"), "6.00 available"),
        (OverCapture::TakeFromBalance, Some("9"), Some("9"), "1.00 available"),
        (OverCapture::TakeFromBalance, Some("10.01"), None, "6.00 available"),
    ];
    for (number, (policy, asked, charged, left)) in (1..).zip(cases) {
        let user = world.user(number).await;
        first.done(user, "p", purchase("10")).await;
        let terms = reserve_with("4", 600, policy, LateCapture::Reject);
        let hold = first.done(user, "h", terms).await.id;
        let answer = second.run(user, "c", capture(hold, asked)).await;
        match charged {
            Some(charged) => {
                assert_eq!(answer.unwrap().transaction.captured, credits(charged));
                assert!(world.money(user).await.contains("0.00 held"));
            }
            None => {
                let refused = refusal(answer);
                let stays = world.stored(user, hold).await;
                assert_eq!(end_of(&stays), None, "{refused}");
            }
        }
        let money = world.money(user).await;
        assert!(money.starts_with(left), "{policy:?} {asked:?}: {money}");
    }
}
