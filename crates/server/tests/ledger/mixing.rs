//! Scenario 25: everything at once, from several processes and in every order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::ledger::{BatchMode, Refusal};
use app::{CreateUserError, DeleteUserError};
use kernel::{Span, TransactionId, UserId};
use ledger::{Action, Command, Rejection};
use ports::{Clock, LedgerReads};
use testkit::fixtures::{identity, user, user_id};
use users::decide::{Create, Delete};

use super::world::{
    Process, World, capture, deduct, grant, grant_from, purchase, refund, release, reserve,
};

const USERS: u64 = 12;
const ROUNDS: usize = 25;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        // Knuth's MMIX constants; the upper bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Who works on the accounts, and what it knows of them.
struct Worker<'a> {
    process: &'a Process,
    clock: &'a dyn Clock,
    name: usize,
    dice: Dice,
    users: Vec<UserId>,
    made: Vec<(UserId, TransactionId)>,
}

impl Worker<'_> {
    fn action(&mut self, user: UserId) -> Action {
        let amount = format!("{}.{:02}", self.dice.below(5), self.dice.below(99) + 1);
        let soon = self.clock.now().saturating_add(Span::from_secs(5));
        let later = soon.saturating_add(Span::from_secs(5));
        let known: Vec<_> = self.made.iter().filter(|(owner, _)| *owner == user).collect();
        let place = usize::try_from(self.dice.below(1_000)).unwrap();
        let target = known.get(place % known.len().max(1)).map(|(_, id)| *id);
        match (self.dice.below(10), target) {
            (0, _) => purchase(&amount),
            (1, _) => grant(&amount, later),
            (2, _) => grant_from(&amount, Some(soon), Some(later)),
            (3 | 4, _) | (_, None) => reserve(&amount, 3),
            (5, _) => deduct(&amount),
            (6, Some(target)) => release(target),
            (7, Some(target)) => refund(target, None),
            (_, Some(target)) => capture(target, None),
        }
    }

    /// A batch over all accounts in the worker's own order.
    fn batch(&mut self, round: usize) -> Vec<Command> {
        match self.name % 3 {
            0 => self.users.sort(),
            1 => self.users.sort_by(|a, b| b.cmp(a)),
            _ => {
                for place in (1..self.users.len()).rev() {
                    let other = usize::try_from(self.dice.below(place as u64 + 1)).unwrap();
                    self.users.swap(place, other);
                }
            }
        }
        let users = self.users.clone();
        let name = self.name;
        users
            .into_iter()
            .map(|user| {
                let action = self.action(user);
                self.process.command(user, &format!("{name}:{round}"), action)
            })
            .collect()
    }

    async fn work(mut self) -> usize {
        let mut done = 0;
        for round in 0..ROUNDS {
            let commands = self.batch(round);
            let results = if round % 5 == 4 {
                // The same through the queue, which makes batches of its own.
                let calls = commands.into_iter().map(|command| {
                    self.process.spawn(async move |ledger| {
                        ledger.execute(command).await.map_err(|error| match error {
                            app::LedgerError::UserNotFound => Refusal::UserNotFound,
                            app::LedgerError::Barred(rejection) => Refusal::Barred(rejection),
                            app::LedgerError::Rejected(rejection) => rejection.into(),
                            other @ (app::LedgerError::Overloaded | app::LedgerError::Store(_)) => {
                                panic!("{other:?}")
                            }
                        })
                    })
                });
                let calls = futures_util::future::join_all(calls).await;
                calls.into_iter().map(|call| call.unwrap()).collect()
            } else {
                let each = BatchMode::Each;
                let call = self
                    .process
                    .within(async move |ledger| ledger.execute_batch(&commands, each).await);
                call.await.expect("no race reaches a caller")
            };
            for result in results {
                match result {
                    Ok(outcome) => {
                        done += 1;
                        self.made.push((outcome.transaction.user, outcome.transaction.id));
                    }
                    Err(refusal) => assert_expected(&refusal),
                }
            }
        }
        done
    }
}

/// What may come of such commands. A store that fails is not among it.
fn assert_expected(refusal: &Refusal) {
    match refusal {
        Refusal::UserNotFound
        | Refusal::Rejected(
            Rejection::InsufficientCredits { .. }
            | Rejection::TransactionNotFound(_)
            | Rejection::NotAHold
            | Rejection::HoldCaptured { .. }
            | Rejection::HoldReleased
            | Rejection::HoldLapsed { .. }
            | Rejection::NotRefundable { .. }
            | Rejection::RefundExceedsCharge { .. }
            // The clock runs while a batch waits.
            | Rejection::ExpiresTooSoon { .. },
        ) => {}
        Refusal::Barred(_)
        | Refusal::Unsound(_)
        | Refusal::Rejected(
            Rejection::RequestIdReused(_)
            | Rejection::StaleVersion { .. }
            | Rejection::CaptureExceedsHold { .. }
            | Rejection::BalanceLimit,
        ) => panic!("{refusal:?}"),
    }
}

/// Deletes users for ever, and lets others sign up.
async fn come_and_go(world: &World, process: &Process, over: &AtomicBool) -> (usize, usize) {
    let (mut deleted, mut created) = (0, 0);
    let mut number = 0;
    while !over.load(Ordering::SeqCst) {
        number = number % 3 + 1;
        let delete = Delete { user: user_id(number), expected: None };
        let users = process.users.clone();
        match process.within(async move |_| users.delete(&delete).await).await {
            Ok(()) => deleted += 1,
            Err(DeleteUserError::NotFound) => {}
            Err(error @ (DeleteUserError::Rejected(_) | DeleteUserError::Store(_))) => {
                panic!("{error:?}")
            }
        }
        let fields = user(900 + number, world.clock.now()).fields;
        let create = Create { identity: identity(900 + number), fields };
        let users = process.users.clone();
        match process.within(async move |_| users.create(&create).await).await {
            Ok(made) => created += usize::from(made.created),
            Err(
                error @ (CreateUserError::EmailTaken
                | CreateUserError::UsernameTaken
                | CreateUserError::Store(_)),
            ) => panic!("{error:?}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    (deleted, created)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_25_batches_in_opposite_orders_meet_everything_else_and_the_books_close() {
    let world = World::new().await;
    let users = world.users(1..USERS + 1).await;
    let processes = [world.process().await, world.process().await, world.process().await];
    let over = Arc::new(AtomicBool::new(false));
    let sweepers = processes.each_ref().map(|process| {
        let (clock, over) = (world.clock.clone(), over.clone());
        process.spawn(async move |ledger| {
            while !over.load(Ordering::SeqCst) {
                clock.advance(Span::from_micros(100_000).unwrap());
                ledger.tidy().await.expect("no race reaches the sweeper");
                tokio::time::sleep(std::time::Duration::from_millis(3)).await;
            }
        })
    });
    let workers = processes.iter().enumerate().map(|(name, process)| {
        let dice = Dice(name as u64 + 1);
        let (users, clock) = (users.clone(), &*world.clock);
        Worker { process, clock, name, dice, users, made: Vec::new() }.work()
    });
    let working = async {
        let done = futures_util::future::join_all(workers).await;
        over.store(true, Ordering::SeqCst);
        done.into_iter().sum::<usize>()
    };
    let (done, (deleted, created)) =
        tokio::join!(working, come_and_go(&world, &processes[0], &over));
    for sweeper in sweepers {
        sweeper.await.unwrap();
    }
    assert!(done > ROUNDS * processes.len(), "{done} commands were done");
    assert!(deleted >= 3 && created >= 3, "{deleted} deleted, {created} created");
    // The users who were left until the end have books, and they close.
    let kept = world.store.list_accounts(None, 1_000).await.unwrap();
    assert!(kept.len() >= usize::try_from(USERS - 3).unwrap());
    for user in kept {
        world.audit(user).await;
    }
    let client = world.database.client().await;
    let tombstones = client.query_one("SELECT count(*)::int FROM ledger_tombstones", &[]).await;
    assert!(tombstones.unwrap().get::<_, i32>(0) >= 1);
}
