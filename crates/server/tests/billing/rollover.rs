//! A period that ends for everyone at once, while two servers are asked.

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use ports::{Store, finish};
use testkit::fixtures;

use super::world::{DAY, World};

/// How many calls are under way on each server.
const AT_ONCE: usize = 16;

async fn everyone_gets_one(users: u64) {
    let world = World::new().await;
    let cinematic = [("product.profile", "cinematic"), ("database.pool_max", "20")];
    let servers = [world.server(&cinematic).await, world.server(&cinematic).await];
    let store = world.database.postgres().await;
    let mut tx = store.begin().await.unwrap();
    let mut outcome = Ok(());
    for number in 0..users {
        outcome = outcome.and(tx.insert_user(&fixtures::user(number, world.now())).await);
    }
    finish(tx, outcome).await.unwrap();
    // January is given to half of them; then it is February for all, in the middle of the calls.
    let touch = async |from: u64| {
        let calls = servers.iter().map(|server| async {
            let allowances = &server.app.billing.allowances;
            let work = (from..users).map(|number| allowances.touch(fixtures::user_id(number)));
            stream::iter(work).buffer_unordered(AT_ONCE).for_each(async |done| done.unwrap()).await;
        });
        join_all(calls).await;
    };
    touch(users / 2).await;
    let clock = world.clock.clone();
    let roll = async {
        tokio::task::yield_now().await;
        clock.advance(kernel::Span::from_secs(31 * DAY));
    };
    tokio::join!(touch(0), roll);
    touch(0).await;
    let february = clock_month(&world);
    let client = world.database.client().await;
    let counts = client
        .query_one(
            "SELECT (SELECT count(*) FROM allowances WHERE period_start = $1::text::timestamptz), \
             (SELECT count(*) FROM ledger_requests WHERE request_id = 'allowance:' || $1), \
             (SELECT count(*) FROM ledger_lots WHERE source = 'plan' \
             AND effective_at >= $1::text::timestamptz), \
             (SELECT count(*) FROM ledger_lots WHERE amount <> 20)",
            &[&february],
        )
        .await
        .unwrap();
    let users = i64::try_from(users).unwrap();
    let told: [i64; 4] = [counts.get(0), counts.get(1), counts.get(2), counts.get(3)];
    assert_eq!(told, [users, users, users, 0]);
    for server in servers {
        server.end().await;
    }
}

fn clock_month(world: &World) -> String {
    world.now().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_and_five_hundred_users_get_one_allowance_each() {
    Box::pin(everyone_gets_one(500)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute of a debug build"]
async fn two_processes_and_ten_thousand_users_get_one_allowance_each() {
    Box::pin(everyone_gets_one(10_000)).await;
}
