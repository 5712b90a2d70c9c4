//! Twenty kills under load, at any moment: of the server, of its Postgres, of one process of that.
//! What was answered stands, what was not can be asked again and acts once, and the books close.

mod command;
mod customer;
mod dice;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::sync::watch;

use super::calls::Api;
use super::remains;
use super::stand::{Place, poll};
use customer::{Customer, Shop};
use dice::Dice;

const KILLS: usize = 20;
const CUSTOMERS: usize = 12;

/// From a kill to calls that are answered again, with a debug build on a busy machine: far above
/// what is measured, and far below what a caller who retries would call an outage.
const RECOVERY_PATIENCE: Duration = Duration::from_secs(30);

/// So many answers after a kill show that all is well again: more than can have been on their way.
const ANSWERS: usize = 4 * CUSTOMERS;

/// The kill comes at a random moment within this time.
const MOMENT_MS: usize = 400;

/// Build with `CRASH_SEED` set to throw the same dice again.
fn seed() -> u64 {
    match option_env!("CRASH_SEED") {
        Some(seed) => seed.parse().unwrap(),
        None => getrandom::u64().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_lose_nothing_and_do_nothing_twice() {
    let seed = seed();
    println!("CRASH_SEED={seed}");
    let mut dice = Dice::new(seed);
    let place = Place::new();
    let mut dev = place.start().await;
    let (now, api) = watch::channel(dev.api());
    let (answered, closing) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let shop = Shop { api, answered: answered.clone(), closing: closing.clone() };
    let mut customers = Vec::new();
    for number in 0..CUSTOMERS {
        let user = dev.api().user(&format!("customer-{number}")).await;
        let customer = Customer::new(user, Dice::new(seed ^ u64::try_from(number + 1).unwrap()));
        customers.push(tokio::spawn(customer.live(shop.clone())));
    }

    let mut slowest = Duration::ZERO;
    for round in 0..=KILLS {
        let began = Instant::now();
        let before = answered.load(Ordering::Relaxed);
        let well = poll(RECOVERY_PATIENCE, async || {
            assert!(!customers.iter().any(|task| task.is_finished()), "a customer gave up");
            answered.load(Ordering::Relaxed) >= before + ANSWERS
        });
        assert!(well.await, "round {round}: no answers any more:\n{}", dev.process.told());
        slowest = slowest.max(began.elapsed());
        if round == KILLS {
            break;
        }
        let moment = u64::try_from(dice.below(MOMENT_MS)).unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        match dice.below(3) {
            0 => {
                dev.process.kill();
                dev = place.start().await;
                now.send_replace(dev.api());
            }
            1 => kill_it(place.postmaster().expect("it answered a moment ago")),
            // One of its children: Postgres then starts all over by itself, and says so.
            _ => kill_it(backend(&place, &mut dice).expect("calls are under way")),
        }
    }
    closing.store(true, Ordering::Relaxed);
    let customers: Vec<_> = join_all(customers).await.into_iter().map(Result::unwrap).collect();
    println!(
        "{} answers; at most {slowest:?} until all was well",
        answered.load(Ordering::Relaxed)
    );
    reckon(customers, &dev.api()).await;
    dev.stop().await;
}

fn kill_it(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
}

/// A process of Postgres that serves a connection of the server.
fn backend(place: &Place, dice: &mut Dice) -> Option<i32> {
    let serves = |(pid, line): (i32, String)| line.starts_with("postgres: atelier ").then_some(pid);
    let backends: Vec<i32> = remains::of(&place.data).into_iter().filter_map(serves).collect();
    (!backends.is_empty()).then(|| backends[dice.below(backends.len())])
}

async fn reckon(mut customers: Vec<Customer>, api: &Api) {
    let mut open = BTreeMap::<String, usize>::new();
    for customer in &customers {
        for (reason, count) in &customer.open {
            *open.entry(reason.clone()).or_default() += count;
        }
    }
    println!("left open by a crash, by reason: {open:?}");
    assert!(open.values().sum::<usize>() > 0, "no kill met a call");
    let began = Instant::now();
    join_all(customers.iter_mut().map(|customer| customer.reckon(api))).await;
    let commands: usize = customers.iter().map(Customer::commands).sum();
    println!("{commands} commands found again in {:?}", began.elapsed());

    let last = api.books_close(None).await;
    assert!(last.done && last.findings == 0);
    // The demo user too.
    assert_eq!(last.accounts, i64::try_from(CUSTOMERS + 1).unwrap());
}
