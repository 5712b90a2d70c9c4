//! What it costs to keep sums of usage, and what they spare. Measured on demand, for a busy machine
//! proves nothing.

use std::time::{Duration, Instant};

use ledger::{Changes, Command, Label, Operation, Rules, decide};
use ports::{LedgerReads, LedgerTx, Store, StoreError, UsageBy, Wanted, finish};

use super::desk::{credits, insert_user, moment, post, purchase};
use crate::contract::fixture::fixture;

/// A heavy user's year: 100,000 charges of five operations by four models in three projects.
const YEAR: &str = "INSERT INTO ledger_transactions (user_id, id, kind, status, amount, \
     balance_after, operation_type, model, edit_price, project_id, captured, refunded, \
     allocations, created_at, processed_at) \
     SELECT $1::uuid, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || \
     '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid, 'deduction', 'completed', -0.07, 0, \
     'OPERATION_' || n % 5, 'model-' || n % 4, false, \
     ('00000000-0000-7000-8000-00000000000' || n % 3)::uuid, 0.07, 0, '[]', at, at \
     FROM (SELECT n, '2026-01-01T00:00:00Z'::timestamptz + n * interval '315 seconds' AS at \
     FROM generate_series(1, 100000) AS n) x";

const SUMS: &str = "INSERT INTO usage_days SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, \
     operation_type, model, project_id, count(*), 0, sum(captured), 0 \
     FROM ledger_transactions GROUP BY 1, 2, 3, 4, 5";

#[tokio::test]
#[ignore = "a measurement"]
async fn a_heavy_users_year_is_summed_within_fifty_milliseconds() {
    let store = fixture().await;
    store.database.leave_broken();
    let user = insert_user(&*store, 1).await;
    let client = store.database.client().await;
    client.execute(&YEAR.replace("$1", &format!("'{user}'")), &[]).await.unwrap();
    client.execute(SUMS, &[]).await.unwrap();
    client.batch_execute("VACUUM ANALYZE ledger_transactions, usage_days").await.unwrap();
    let (from, until) = (moment(40_000), moment(365 * 86_400 + 50_000));
    for by in [
        UsageBy::default(),
        UsageBy { operation_type: true, ..UsageBy::default() },
        UsageBy { operation_type: true, model: true, ..UsageBy::default() },
        UsageBy { day: true, ..UsageBy::default() },
        UsageBy { operation_type: true, model: true, project: true, day: false },
    ] {
        let mut times = Vec::new();
        for _ in 0..11 {
            let begun = Instant::now();
            let groups = store.sum_usage(user, from, until, by, 4_001).await.unwrap();
            times.push(begun.elapsed());
            assert!(!groups.is_empty());
        }
        times.sort();
        println!("{by:?}: median {:?}, slowest {:?}", times[5], times[10]);
        assert!(times[5] < Duration::from_millis(50), "{by:?} {times:?}");
    }
}

/// Posts a batch of charges of many users, and says how long its writing took.
async fn batch(
    store: &impl Store,
    users: &[kernel::UserId],
    number: u32,
    summed: bool,
) -> Result<Duration, StoreError> {
    let now = moment(number);
    let mut tx = store.begin().await?;
    let written = write(&mut *tx, users, number, now, summed).await;
    finish(tx, written).await
}

async fn write(
    tx: &mut dyn LedgerTx,
    users: &[kernel::UserId],
    number: u32,
    now: kernel::Timestamp,
    summed: bool,
) -> Result<Duration, StoreError> {
    let accounts = tx.lock_accounts(users, now).await?;
    let books = tx.load_books(accounts, &Wanted::default(), now).await?;
    let mut changes = Changes::default();
    for (place, mut book) in (0u64..).zip(books) {
        for more in 0..2u32 {
            let operation = Operation {
                operation_type: Label::parse(["IMAGE", "CHAT", "VIDEO"][place as usize % 3]).ok(),
                model: Label::parse("imagen").ok(),
                ..Operation::default()
            };
            let action = ledger::Action::Deduct { amount: credits("0.01"), operation };
            let request = format!("{number}-{more}").parse().unwrap();
            let nonce = place << 32 | u64::from(number) << 1 | u64::from(more);
            let command = Command::new(book.account().user, request, nonce, action);
            let decision = decide(&book, &Rules::default(), now, &command).unwrap();
            changes.absorb(&mut book, decision);
        }
    }
    if !summed {
        changes.usage.clear();
    }
    let begun = Instant::now();
    tx.apply_changes(&changes).await?;
    Ok(begun.elapsed())
}

#[tokio::test]
#[ignore = "a measurement"]
async fn a_batch_of_five_hundred_with_sums_is_compared_with_one_without() {
    let store = fixture().await;
    store.database.leave_broken();
    let mut users = Vec::new();
    for number in 0..250 {
        let user = insert_user(&*store, number).await;
        post(&*store, user, "funds", purchase("1000"), 1).await;
        users.push(user);
    }
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..120 {
        // In turns, so that whatever else the machine does falls on both.
        let summed = number % 2 == 0;
        let took = batch(&*store, &users, 100 + number, summed).await.unwrap();
        times[usize::from(summed)].push(took);
    }
    for times in &mut times {
        times.sort();
    }
    let [without, with] = [times[0][30], times[1][30]];
    println!("median of writing 500 charges: {without:?} without sums, {with:?} with them");
}
