//! Which credits pay and which return, across ends of periods: scenarios 19 to 23.

use std::sync::Arc;

use app::ledger::{Ledger, QueueLimits};
use futures_util::future::join_all;
use kernel::{Credits, Span, TransactionId, UserId};
use ledger::{EntryKind, Lot, LotSource, LotState, Rejection, Rules};
use ports::{Clock, Ids, LedgerReads, Store, finish};
use testkit::{FakeClock, FakeIds, FakeStore, fixtures};

use super::world::{
    World, capture, credits, deduct, grant, grant_from, purchase, refund, release, reserve,
};

/// What is left in the lots, oldest first.
async fn left(world: &World, user: UserId) -> Vec<String> {
    let mut lots = world.audit(user).await.lots;
    lots.sort_by_key(|lot| lot.id);
    lots.iter()
        .map(|Lot { source, remaining, state, .. }| {
            format!("{} {remaining} {}", source.as_str(), state.as_str())
        })
        .collect()
}

#[tokio::test]
async fn scenario_19_what_comes_back_of_a_hold_over_three_lots_goes_to_the_right_ones() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    first.done(user, "g1", grant("3", world.in_secs(100))).await;
    first.done(user, "g2", grant("4", world.in_secs(200))).await;
    first.done(user, "p", purchase("5")).await;
    let hold = first.done(user, "h", reserve("10", 600)).await.id;
    world.pass_secs(150);
    // 2 of 10: the first lot pays, expired or not; what it has left over has nowhere to return to.
    second.done(user, "c", capture(hold, Some("2"))).await;
    assert_eq!(
        left(&world, user).await,
        ["plan 0.00 open", "plan 4.00 open", "purchase 5.00 open", "refund 1.00 open"]
    );
    let money = world.money(user).await;
    assert_eq!(money, "10.00 available, 0.00 held, 2.00 spent, 0.00 forfeited");
    // What the charge itself gives back follows the same way, visibly.
    let back = second.done(user, "r", refund(hold, None)).await;
    let stored = world.stored(user, back.id).await;
    let lots = world.audit(user).await.lots;
    let returned = lots.iter().find(|lot| lot.id == stored.allocations[0].lot).unwrap();
    assert_eq!((returned.source, returned.remaining), (LotSource::Refund, credits("2")));
    // The grace is of 30 days; then it is gone, as the entry says.
    world.pass_secs(31 * 24 * 60 * 60);
    second.tidy().await;
    let money = world.money(user).await;
    assert_eq!(money, "5.00 available, 0.00 held, 0.00 spent, 7.00 forfeited");
    // The two refund lots and the second grant; the first grant had nothing left to expire.
    assert_eq!(world.count(user, EntryKind::Expired).await, 3);
}

/// The same commands at the same moments, and which lots they are found to have taken from.
async fn history(ledger: &Ledger, ids: &dyn Ids, clock: &FakeClock, user: UserId) -> Vec<String> {
    let until = clock.now().saturating_add(Span::from_secs(500));
    let mut lots = Vec::new();
    let mut charges = Vec::new();
    let run = async |id: &str, action| {
        let command = ledger::Command::new(user, id.parse().unwrap(), ids.nonce(), action);
        ledger.execute(command).await.unwrap().transaction.id
    };
    // Five equal ones, of which none may come before another at will.
    for number in 0..5 {
        lots.push(run(&format!("g{number}"), grant("2", until)).await);
    }
    lots.push(run("p", purchase("4")).await);
    charges.push(run("d1", deduct("3")).await);
    let hold = run("h", reserve("4.5", 60)).await;
    charges.push(run("d2", deduct("1")).await);
    run("r", refund(charges[0], Some("1.5"))).await;
    run("c", capture(hold, Some("2.5"))).await;
    charges.push(hold);
    clock.advance(Span::from_secs(10));
    lots.push(run("late", grant("9", until)).await);
    charges.push(run("d3", deduct("5")).await);
    let mut told = Vec::new();
    for charge in charges {
        let found = ledger.transaction(user, charge).await.unwrap();
        let parts = found.allocations.iter().map(|part| {
            let lot = TransactionId::from_uuid(*part.lot.as_uuid());
            let place = lots.iter().position(|opened| *opened == lot).expect("is one of them");
            format!("{} of lot {place}, {} returned", part.amount, part.returned)
        });
        told.push(parts.collect::<Vec<_>>().join("; "));
    }
    told
}

async fn played<S>(store: S) -> Vec<String>
where
    S: Store + LedgerReads + 'static,
{
    let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
    let mut tx = store.begin().await.unwrap();
    let outcome = tx.insert_user(&fixtures::user(1, clock.now())).await;
    finish(tx, outcome).await.unwrap();
    let store = Arc::new(store);
    let (rules, limits) = (Rules::default(), QueueLimits::default());
    let reads = store.clone();
    let ledger = Ledger::start(store, reads, clock.clone(), ids.clone(), rules, limits);
    history(&ledger, &*ids, &clock, fixtures::user_id(1)).await
}

#[tokio::test]
async fn scenario_20_the_same_history_takes_from_the_same_lots_wherever_it_is_kept() {
    let in_memory = played(FakeStore::new()).await;
    assert_eq!(
        in_memory[0], "2.00 of lot 0, 0.50 returned; 1.00 of lot 1, 1.00 returned",
        "the last to burn is the first to come back"
    );
    let world = World::new().await;
    assert_eq!(played(world.store.clone()).await, in_memory);
    // Rows that are read in another order must not matter: without indexes it is the disk's.
    let world = World::new().await;
    let client = world.database.client().await;
    for plan in ["enable_indexscan", "enable_bitmapscan", "enable_indexonlyscan"] {
        let off = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {plan} = off', \
             current_database()); END $$"
        );
        client.batch_execute(&off).await.unwrap();
    }
    assert_eq!(played(world.database.postgres().await).await, in_memory);
}

#[tokio::test]
async fn scenario_20_a_later_grant_never_pays_an_earlier_charge() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    first.done(user, "p", purchase("5")).await;
    let charge = first.done(user, "d", deduct("2")).await.id;
    // It would have burnt first, had it been there.
    second.done(user, "g", grant("5", world.in_secs(60))).await;
    assert_eq!(left(&world, user).await, ["purchase 3.00 open", "plan 5.00 open"]);
    second.done(user, "r", refund(charge, None)).await;
    assert_eq!(left(&world, user).await, ["purchase 5.00 open", "plan 5.00 open"]);
}

#[tokio::test]
async fn scenario_21_a_period_is_granted_once_by_any_number_of_processes_over_open_holds() {
    const PERIOD: u32 = 30 * 24 * 60 * 60;
    let world = World::new().await;
    let user = world.user(1).await;
    let processes = [world.process().await, world.process().await];
    let begin = world.clock.now();
    let mut holds = Vec::new();
    for period in 0..4_u32 {
        let from = begin.saturating_add(Span::from_secs(period * PERIOD));
        let until = begin.saturating_add(Span::from_secs((period + 1) * PERIOD));
        world.clock.set(from);
        // Everyone who comes by computes it, and all come to the same request.
        let calls = (0..10).map(|number: usize| {
            let terms = grant_from("100", Some(from), Some(until));
            processes[number % 2].call(user, &format!("plan:{period}"), terms)
        });
        let answers: Vec<_> =
            join_all(calls).await.into_iter().map(|answer| answer.unwrap().unwrap()).collect();
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        // What the last period held open ends in this one: one charged, one given back.
        if let [.., charged, released] = holds[..] {
            processes[0].done(user, &format!("c{period}"), capture(charged, None)).await;
            processes[1].done(user, &format!("x{period}"), release(released)).await;
        }
        world.pass_secs(PERIOD - 10);
        for (number, process) in processes.iter().take(2).enumerate() {
            let id = format!("h{period}-{number}");
            holds.push(process.done(user, &id, reserve("10", 3_600)).await.id);
        }
    }
    assert_eq!(world.count(user, EntryKind::Granted).await, 4);
    assert_eq!(world.count(user, EntryKind::Expired).await, 3, "each of the periods before");
    let account = world.audit(user).await.account;
    assert_eq!((account.earned, account.spent), (credits("400"), credits("30")));
    assert_eq!(account.held, credits("20"));
}

#[tokio::test]
async fn scenario_22_a_grant_pays_in_its_last_microsecond_and_not_after() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    let end = world.in_secs(100);
    first.done(user, "g", grant("10", end)).await;
    world.clock.set(end.saturating_sub(Span::from_micros(1).unwrap()));
    let hold = first.done(user, "h", reserve("4", 600)).await.id;
    world.clock.set(end);
    assert!(matches!(
        second.refused(user, "d", deduct("0.01")).await,
        Rejection::InsufficientCredits { available, .. } if available.is_zero()
    ));
    // Reserved within and captured after: it counts once, for the period that reserved it.
    let charged = second.done(user, "c", capture(hold, None)).await;
    assert_eq!(charged.created_at.next(), end);
    let money = world.money(user).await;
    assert_eq!(money, "0.00 available, 0.00 held, 4.00 spent, 6.00 forfeited");
    let expired = world.entries(user).await.into_iter().find(|it| it.kind == EntryKind::Expired);
    assert_eq!(expired.unwrap().at, end);
    let lots = world.audit(user).await.lots;
    assert!(matches!(&lots[..], [Lot { state: LotState::Expired, .. }]), "{lots:?}");
}

#[tokio::test]
async fn scenario_22_a_grant_that_begins_later_pays_from_its_first_microsecond() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    let (from, until) = (world.in_secs(100), world.in_secs(200));
    let granted = first.done(user, "g", grant_from("10", Some(from), Some(until))).await;
    assert!(granted.processed_at.is_none());
    world.clock.set(from.saturating_sub(Span::from_micros(1).unwrap()));
    assert!(matches!(
        second.refused(user, "d", deduct("1")).await,
        Rejection::InsufficientCredits { available, .. } if available.is_zero()
    ));
    world.clock.set(from);
    second.done(user, "d", deduct("1")).await;
    assert_eq!(world.stored(user, granted.id).await.processed_at, Some(from));
    let money = world.money(user).await;
    assert_eq!(money, "9.00 available, 0.00 held, 1.00 spent, 0.00 forfeited");
}

#[tokio::test]
async fn scenario_23_the_largest_amounts_are_kept_to_the_hundredth() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    let all = Credits::MAX.to_string();
    first.done(user, "p", purchase(&all)).await;
    assert_eq!(second.refused(user, "q", purchase("0.01")).await, Rejection::BalanceLimit);
    let hold = first.done(user, "h", reserve(&all, 600)).await.id;
    assert_eq!(world.audit(user).await.account.held, Credits::MAX);
    second.done(user, "c", capture(hold, None)).await;
    let charge = world.stored(user, hold).await;
    assert_eq!((charge.captured, charge.amount.magnitude()), (Credits::MAX, Credits::MAX));
    second.done(user, "r", refund(hold, Some("9999999999.98"))).await;
    first.done(user, "s", refund(hold, None)).await;
    let account = world.audit(user).await.account;
    assert_eq!((account.available, account.spent), (Credits::MAX, Credits::ZERO));
    assert_eq!(world.stored(user, hold).await.refunded, Credits::MAX);
}

#[tokio::test]
async fn scenario_23_two_hundred_charges_of_seven_hundredths_are_fourteen() {
    let world = World::new().await;
    let user = world.user(1).await;
    let processes = [world.process().await, world.process().await];
    processes[0].done(user, "p", purchase("14")).await;
    let calls = (0..200)
        .map(|number| processes[number % 2].call(user, &format!("d{number}"), deduct("0.07")));
    for answer in join_all(calls).await {
        answer.unwrap().unwrap();
    }
    let money = world.money(user).await;
    assert_eq!(money, "0.00 available, 0.00 held, 14.00 spent, 0.00 forfeited");
}
