//! One user's load: commands one after the other, fresh and repeated, with every answer remembered,
//! and in the end the reckoning.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use proto::atelier::ledger::v1::{GetBalanceRequest, ListTransactionsRequest};
use tokio::sync::watch;

use super::command::{Act, Answer, Command};
use super::dice::Dice;
use crate::whole::calls::Api;

/// Between two commands at most, so that there are a thousand in the end and not a million.
const PAUSE_MS: usize = 40;
/// After a call without an answer: nobody hammers on a closed door.
const RETRY_MS: usize = 400;

/// What all customers share.
#[derive(Clone)]
pub(crate) struct Shop {
    /// The server as it is now.
    pub(crate) api: watch::Receiver<Api>,
    /// How many calls were answered.
    pub(crate) answered: Arc<AtomicUsize>,
    pub(crate) closing: Arc<AtomicBool>,
}

/// A command that was not refused.
struct Sent {
    command: Command,
    /// `None` while nobody knows what was done.
    transaction: Option<String>,
}

pub(crate) struct Customer {
    user: String,
    dice: Dice,
    count: usize,
    sent: Vec<Sent>,
    /// Holds that no command has ended, with what they hold.
    holds: Vec<(String, i64)>,
    /// Charges, with what no command has refunded of them.
    charges: Vec<(String, i64)>,
    /// How often which reason left a command open.
    pub(crate) open: BTreeMap<String, usize>,
}

impl Customer {
    pub(crate) fn new(user: String, dice: Dice) -> Self {
        let (holds, charges, open) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { user, dice, count: 0, sent: Vec::new(), holds, charges, open }
    }

    pub(crate) fn commands(&self) -> usize {
        self.sent.len()
    }

    pub(crate) async fn live(mut self, shop: Shop) -> Self {
        while !shop.closing.load(Ordering::Relaxed) {
            let api = shop.api.borrow().clone();
            let answered = match self.dice.below(10) {
                0..2 if !self.sent.is_empty() => {
                    let index = self.dice.below(self.sent.len());
                    self.repeat(&api, index).await
                }
                2 => self.twice(&api).await,
                _ => self.fresh(&api).await,
            };
            shop.answered.fetch_add(usize::from(answered), Ordering::Relaxed);
            let pause = self.dice.below(if answered { PAUSE_MS } else { RETRY_MS });
            let pause = u64::try_from(pause).unwrap();
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        self
    }

    /// Sends a new command. Whether it was answered: it may be said to be a replay, when the server
    /// itself repeated a commit that Postgres died of.
    async fn fresh(&mut self, api: &Api) -> bool {
        let command = self.think();
        let answer = command.send(api).await;
        self.note(command, answer)
    }

    /// Sends a new command two times at once: one acts at most, and both tell the same.
    async fn twice(&mut self, api: &Api) -> bool {
        let command = self.think();
        let (one, two) = tokio::join!(command.send(api), command.send(api));
        let acted = |answer: &Answer| matches!(answer, Answer::Done { replayed: false, .. });
        assert!(!(acted(&one) && acted(&two)), "{command:?} acted twice");
        let transaction = |answer: &Answer| match answer {
            Answer::Done { transaction, .. } => Some(transaction.clone()),
            Answer::Refused | Answer::Open(_) => None,
        };
        if let (Some(one), Some(two)) = (transaction(&one), transaction(&two)) {
            assert_eq!(one, two, "{command:?}");
        }
        // An answer tells more than none, and a deed more than a refusal.
        let first_wins = transaction(&one).is_some() || matches!(two, Answer::Open(_));
        self.note(command, if first_wins { one } else { two })
    }

    /// Sends an earlier command again. Whether it was answered.
    async fn repeat(&mut self, api: &Api, index: usize) -> bool {
        let Sent { command, transaction } = &self.sent[index];
        let (command, known) = (command.clone(), transaction.clone());
        match (command.send(api).await, known) {
            (Answer::Done { transaction, replayed }, Some(known)) => {
                assert!(replayed && transaction == known, "{command:?} was {known}");
                true
            }
            (Answer::Refused, Some(known)) => panic!("{command:?} was {known}, now is refused"),
            (Answer::Open(reason), _) => {
                *self.open.entry(reason).or_default() += 1;
                false
            }
            (answer, None) => {
                self.sent.remove(index);
                self.note(command, answer)
            }
        }
    }

    fn note(&mut self, command: Command, answer: Answer) -> bool {
        let transaction = match answer {
            Answer::Refused => return true,
            Answer::Open(reason) => {
                *self.open.entry(reason).or_default() += 1;
                None
            }
            Answer::Done { transaction, .. } => {
                self.learn(&command, &transaction);
                Some(transaction)
            }
        };
        let answered = transaction.is_some();
        self.sent.push(Sent { command, transaction });
        answered
    }

    fn learn(&mut self, command: &Command, transaction: &str) {
        let known = (transaction.to_owned(), command.cents);
        match &command.act {
            Act::Deduct | Act::Capture { .. } => self.charges.push(known),
            Act::Reserve => self.holds.push(known),
            Act::Purchase | Act::Release { .. } | Act::Refund { .. } => {}
        }
    }

    /// Makes up a command that the books allow, if the balance covers it.
    fn think(&mut self) -> Command {
        self.count += 1;
        let cents = i64::try_from(1 + self.dice.below(500)).unwrap();
        let (act, cents) = match self.dice.below(12) {
            0..2 => (Act::Purchase, cents * 4),
            2..5 => (Act::Deduct, cents),
            5..8 => (Act::Reserve, cents),
            8..10 => match self.holds.pop() {
                Some((hold, held)) if self.dice.one_in(3) => (Act::Release { hold, held }, 0),
                Some((hold, held)) => (Act::Capture { hold, held }, cents.min(held)),
                None => (Act::Reserve, cents),
            },
            _ => match self.charges.pop() {
                Some((charge, left)) if cents < left => {
                    self.charges.push((charge.clone(), left - cents));
                    (Act::Refund { charge }, cents)
                }
                Some((charge, left)) => (Act::Refund { charge }, left),
                None => (Act::Deduct, cents),
            },
        };
        let request_id = format!("request-{}", self.count);
        Command { user: self.user.clone(), request_id, act, cents }
    }

    /// After the last crash: repeats what is open until it is answered, finds every command again
    /// by its request id, and compares the account with what was told.
    pub(crate) async fn reckon(&mut self, api: &Api) {
        let mut index = 0;
        while index < self.sent.len() {
            let before = self.sent.len();
            if self.sent[index].transaction.is_some() {
                assert!(self.repeat(api, index).await, "nothing is down any more");
                index += 1;
                continue;
            }
            assert!(self.repeat(api, index).await, "nothing is down any more");
            // It stands at the end of the list now, or nowhere if it was refused.
            assert!(self.sent.len() == before || self.sent.len() == before - 1);
        }
        self.compare(api).await;
    }

    async fn compare(&self, api: &Api) {
        let (mut available, mut held) = (0, 0);
        let mut transactions = BTreeSet::new();
        for Sent { command, transaction } in &self.sent {
            let cents = command.cents;
            let (more, more_held) = match &command.act {
                Act::Purchase | Act::Refund { .. } => (cents, 0),
                Act::Deduct => (-cents, 0),
                Act::Reserve => (-cents, cents),
                Act::Capture { held, .. } => (held - cents, -held),
                Act::Release { held, .. } => (*held, -held),
            };
            available += more;
            held += more_held;
            transactions.insert(transaction.clone().unwrap());
        }
        let request = GetBalanceRequest { user_id: self.user.clone(), as_of: None };
        let account = api.ledger.clone().get_balance(request).await.unwrap();
        let account = account.into_inner().account.unwrap();
        let amounts = (cents(&account.available), cents(&account.held));
        assert_eq!(amounts, (available, held), "the account of {}", self.user);
        assert_eq!(self.transactions(api).await, transactions, "transactions of {}", self.user);
    }

    async fn transactions(&self, api: &Api) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut page_token = String::new();
        loop {
            let request = ListTransactionsRequest {
                user_id: self.user.clone(),
                page_size: 1_000,
                page_token,
                ..Default::default()
            };
            let page = api.ledger.clone().list_transactions(request).await.unwrap().into_inner();
            found.extend(page.transactions.into_iter().map(|transaction| transaction.id));
            if page.next_page_token.is_empty() {
                return found;
            }
            page_token = page.next_page_token;
        }
    }
}

fn cents(amount: &str) -> i64 {
    let (whole, places) = amount.split_once('.').unwrap();
    assert_eq!(places.len(), 2, "{amount}");
    format!("{whole}{places}").parse().unwrap()
}
