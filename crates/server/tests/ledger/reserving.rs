//! Reserving from several processes at once: scenarios 1 to 5, 7 and 24.

use futures_util::future::join_all;
use kernel::Credits;
use ledger::{EntryKind, HoldEnd, Outcome, Rejection};

use super::world::{World, capture, credits, deduct, end_of, purchase, refusal, release, reserve};

#[tokio::test]
async fn scenario_01_as_many_reserves_win_as_the_balance_holds_in_any_number_of_processes() {
    let world = World::new().await;
    let users = world.users(1..4).await;
    let processes = [world.process().await, world.process().await, world.process().await];
    for user in &users {
        processes[0].done(*user, "p", purchase("100")).await;
    }
    let calls = (0..120).map(|number| {
        let (user, process) = (users[number % 3], &processes[number / 3 % 3]);
        process.call(user, &format!("h{number}"), reserve("7", 600))
    });
    let mut won = 0;
    for answer in join_all(calls).await {
        match answer.unwrap() {
            Ok(outcome) => {
                won += 1;
                assert!(outcome.balance.available <= credits("93"));
            }
            refused => {
                let refused = refusal(refused);
                let Rejection::InsufficientCredits { required, available } = refused else {
                    panic!("{refused}")
                };
                assert!(required == credits("7") && available < required);
            }
        }
    }
    assert_eq!(won, 3 * 14);
    for user in users {
        let money = world.money(user).await;
        assert_eq!(money, "2.00 available, 98.00 held, 0.00 spent, 0.00 forfeited");
        let low = world.entries(user).await.into_iter().map(|entry| entry.available_after).min();
        assert_eq!(low, Some(credits("2")));
    }
}

#[tokio::test]
async fn scenario_02_a_first_use_by_many_at_once_opens_one_account() {
    let world = World::new().await;
    let users = world.users(1..6).await;
    let processes = [world.process().await, world.process().await, world.process().await];
    let calls = (0..75).map(|number| {
        let (user, process) = (users[number % 5], &processes[number / 5 % 3]);
        process.call(user, &format!("p{number}"), purchase("1"))
    });
    for answer in join_all(calls).await {
        answer.unwrap().unwrap();
    }
    for user in users {
        let account = world.audit(user).await.account;
        assert_eq!((account.version, account.available), (15, credits("15")));
    }
    let client = world.database.client().await;
    let accounts = client.query_one("SELECT count(*)::int FROM ledger_accounts", &[]).await;
    assert_eq!(accounts.unwrap().get::<_, i32>(0), 5);
}

#[tokio::test]
async fn scenario_02_a_first_use_that_is_refused_leaves_an_empty_account() {
    let world = World::new().await;
    let user = world.user(1).await;
    let processes = [world.process().await, world.process().await];
    let calls =
        (0..20).map(|number| processes[number % 2].call(user, &format!("d{number}"), deduct("1")));
    for answer in join_all(calls).await {
        let expected =
            Rejection::InsufficientCredits { required: credits("1"), available: Credits::ZERO };
        assert_eq!(refusal(answer.unwrap()), expected);
    }
    assert_eq!(world.audit(user).await.account.version, 0);
}

#[tokio::test]
async fn scenario_03_one_id_twenty_times_has_one_effect_and_one_answer() {
    let world = World::new().await;
    let user = world.user(1).await;
    let processes = [world.process().await, world.process().await];
    processes[0].done(user, "p", purchase("10")).await;
    let calls = (0..20).map(|number| processes[number % 2].call(user, "h", reserve("4", 600)));
    let answers: Vec<Outcome> =
        join_all(calls).await.into_iter().map(|answer| answer.unwrap().unwrap()).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    for answer in &answers {
        let first = Outcome { replayed: answer.replayed, ..answers[0].clone() };
        assert_eq!(*answer, first);
    }
    let money = world.money(user).await;
    assert_eq!(money, "6.00 available, 4.00 held, 0.00 spent, 0.00 forfeited");
    assert_eq!(world.count(user, EntryKind::Held).await, 1);
}

#[tokio::test]
async fn scenario_03_one_id_with_two_payloads_at_once_has_the_effect_of_one() {
    let world = World::new().await;
    let user = world.user(1).await;
    let processes = [world.process().await, world.process().await];
    processes[0].done(user, "p", purchase("100")).await;
    for round in 0..10 {
        let id = format!("d{round}");
        let calls = (0..4).map(|number| {
            let amount = if number % 2 == 0 { "1" } else { "2" };
            processes[number % 2].call(user, &id, deduct(amount))
        });
        let answers: Vec<_> =
            join_all(calls).await.into_iter().map(|answer| answer.unwrap()).collect();
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(done, 2, "{answers:?}");
        for refused in answers.into_iter().filter(|answer| answer.is_err()) {
            assert!(matches!(refusal(refused), Rejection::RequestIdReused(_)));
        }
    }
    assert_eq!(world.count(user, EntryKind::Deducted).await, 10);
}

#[tokio::test]
async fn scenario_04_another_amount_under_a_used_id_is_refused_by_every_process() {
    let world = World::new().await;
    let (ada, eve) = (world.user(1).await, world.user(2).await);
    let (first, second) = (world.process().await, world.process().await);
    for user in [ada, eve] {
        first.done(user, "p", purchase("10")).await;
    }
    let charge = first.done(ada, "d", deduct("1")).await;
    for amount in ["1", "1.0", "1.00"] {
        let again = second.run(ada, "d", deduct(amount)).await.unwrap();
        assert!(again.replayed && again.transaction.id == charge.id, "{amount}");
    }
    for action in [deduct("2"), deduct("1.01"), reserve("1", 60), purchase("1")] {
        let refused = second.refused(ada, "d", action).await;
        assert_eq!(refused, Rejection::RequestIdReused("d".parse().unwrap()));
    }
    assert_eq!(world.audit(ada).await.account.version, 2);
    // An id is a user's own: another user's is another request.
    let hers = second.done(eve, "d", deduct("2")).await;
    assert_eq!(hers.user, eve);
}

#[tokio::test]
async fn scenario_05_a_refusal_is_forgotten_and_the_same_id_succeeds_after_a_top_up() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    let short = Rejection::InsufficientCredits { required: credits("5"), available: Credits::ZERO };
    assert_eq!(first.refused(user, "h", reserve("5", 60)).await, short);
    second.done(user, "p", purchase("5")).await;
    let hold = first.done(user, "h", reserve("5", 60)).await;
    let again = second.run(user, "h", reserve("5", 60)).await.unwrap();
    assert!(again.replayed && again.transaction == hold);
    let money = world.money(user).await;
    assert_eq!(money, "0.00 available, 5.00 held, 0.00 spent, 0.00 forfeited");
}

#[tokio::test]
async fn scenario_07_a_retried_reserve_holds_once_and_one_release_frees_it() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    first.done(user, "p", purchase("10")).await;
    let hold = first.done(user, "h", reserve("4", 600)).await;
    for process in [&second, &first, &second] {
        assert!(process.run(user, "h", reserve("4", 600)).await.unwrap().replayed);
    }
    let money = world.money(user).await;
    assert_eq!(money, "6.00 available, 4.00 held, 0.00 spent, 0.00 forfeited");
    second.done(user, "x", release(hold.id)).await;
    // The first answer again, though by now nothing is held: the retry reserves nothing anew.
    let late = first.run(user, "h", reserve("4", 600)).await.unwrap();
    assert!(late.replayed && late.transaction == hold);
    let money = world.money(user).await;
    assert_eq!(money, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited");
}

#[tokio::test]
async fn scenario_24_a_hold_stays_what_was_quoted_whatever_is_asked_at_capture() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (quoted, restarted) = (world.process().await, world.process().await);
    quoted.done(user, "p", purchase("5000000")).await;
    let hold = quoted.done(user, "h", reserve("5", 600)).await;
    let held = credits("5");
    for mistyped in ["5.01", "5000000", "9999999999.99"] {
        let refused = restarted.refused(user, "c", capture(hold.id, Some(mistyped))).await;
        let requested = credits(mistyped);
        assert_eq!(refused, Rejection::CaptureExceedsHold { held, requested });
    }
    let charged = restarted.done(user, "c", capture(hold.id, None)).await;
    assert_eq!((charged.captured, end_of(&charged)), (held, Some(HoldEnd::Captured)));
    assert_eq!(world.audit(user).await.account.spent, held);
}
