//! What the tests share: a desk at which commands are posted on one book, and short words for
//! amounts, moments and actions.

use kernel::{Credits, LotId, RequestId, Span, Timestamp, TransactionId, UserId};
use uuid::Uuid;

use crate::{
    Action, Book, Command, DecideError, Decision, Entry, EntryKind, Finding, GrantTerms,
    LateCapture, Lot, LotSource, Operation, Outcome, OverCapture, Rejection, ReleaseOutcome, Rules,
    Transaction, decide, settle, verify,
};

/// 2023-11-14, an arbitrary moment; the tests count microseconds from it.
const START: i64 = 1_700_000_000_000_000;

/// One user's book with its whole journal, and the clock. Each command has a new request id,
/// unless it is told.
pub(crate) struct Desk {
    pub(crate) book: Book,
    pub(crate) journal: Vec<Entry>,
    pub(crate) rules: Rules,
    pub(crate) now: i64,
    commands: u64,
}

impl Desk {
    /// An account without credits, at microsecond 0.
    pub(crate) fn empty() -> Self {
        Self {
            book: Book::new(crate::Account::open(user(), at(0))),
            journal: Vec::new(),
            rules: Rules { refund_grace: span(1_000) },
            now: 0,
            commands: 0,
        }
    }

    /// An account with so many credits that never expire, at microsecond 0.
    pub(crate) fn with(amount: &str) -> Self {
        let mut desk = Self::empty();
        desk.now = -10;
        desk.done(purchase(amount));
        desk.at(0)
    }

    pub(crate) fn at(mut self, micros: i64) -> Self {
        self.now = micros;
        self
    }

    pub(crate) fn post(&mut self, action: Action) -> Result<Outcome, Rejection> {
        self.commands += 1;
        let request = format!("request-{}", self.commands);
        self.post_as(&request, action)
    }

    pub(crate) fn post_as(&mut self, request: &str, action: Action) -> Result<Outcome, Rejection> {
        let command = self.command(request, action);
        self.decide(&command)
    }

    pub(crate) fn command(&mut self, request: &str, action: Action) -> Command {
        self.commands += 1;
        let request: RequestId = request.parse().unwrap();
        Command::new(user(), request, self.commands, action)
    }

    pub(crate) fn decide(&mut self, command: &Command) -> Result<Outcome, Rejection> {
        match decide(&self.book, &self.rules, at(self.now), command) {
            Ok(decision) => Ok(self.apply(decision).expect("a command has an answer")),
            Err(DecideError::Rejected(rejection)) => Err(rejection),
            Err(DecideError::Unsound(what)) => panic!("unsound: {what}"),
        }
    }

    /// Posts what must succeed, and returns its transaction.
    pub(crate) fn done(&mut self, action: Action) -> TransactionId {
        self.post(action).unwrap().transaction.id
    }

    /// Posts an inflow, and returns its lot.
    pub(crate) fn lot(&mut self, action: Action) -> LotId {
        lot_of(self.done(action))
    }

    /// Posts what must be refused, changing nothing.
    pub(crate) fn refused(&mut self, action: Action) -> Rejection {
        let before = self.book.clone();
        let rejection = self.post(action).unwrap_err();
        assert_eq!(self.book, before);
        rejection
    }

    /// Posts what the clock has brought about, as a sweeper does. Says whether there was anything.
    pub(crate) fn sweep(&mut self) -> bool {
        let decision = settle(&self.book, &self.rules, at(self.now)).unwrap();
        decision.map(|decision| self.apply(decision)).is_some()
    }

    fn apply(&mut self, decision: Decision) -> Option<Outcome> {
        self.book.apply(&decision);
        self.journal.extend(decision.entries);
        decision.outcome
    }

    /// What can be spent and what is held, as posted.
    pub(crate) fn balance(&self) -> (String, String) {
        let account = self.book.account();
        (account.available.to_string(), account.held.to_string())
    }

    /// What can be spent and what is held, as read now, without posting what is due.
    pub(crate) fn read(&self) -> (String, String) {
        let mut book = self.book.clone();
        if let Some(decision) = settle(&book, &self.rules, at(self.now)).unwrap() {
            book.apply(&decision);
        }
        (book.account().available.to_string(), book.account().held.to_string())
    }

    pub(crate) fn transaction(&self, id: TransactionId) -> &Transaction {
        self.book.transaction(id).unwrap()
    }

    pub(crate) fn row(&self, lot: LotId) -> &Lot {
        self.book.lots().find(|found| found.id == lot).unwrap()
    }

    /// What is left of a lot.
    pub(crate) fn left(&self, lot: LotId) -> String {
        self.row(lot).remaining.to_string()
    }

    /// Which lots have paid a transaction, or taken it, and how much.
    pub(crate) fn parts(&self, id: TransactionId) -> Vec<(LotId, String)> {
        let parts = &self.transaction(id).allocations;
        parts.iter().map(|part| (part.lot, part.amount.to_string())).collect()
    }

    pub(crate) fn kinds(&self) -> Vec<EntryKind> {
        self.journal.iter().map(|entry| entry.kind).collect()
    }

    pub(crate) fn lots(&self) -> Vec<Lot> {
        self.book.lots().cloned().collect()
    }

    pub(crate) fn transactions(&self) -> Vec<Transaction> {
        self.book.transactions.values().cloned().collect()
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        verify(self.book.account(), &self.journal, &self.lots(), &self.transactions())
    }
}

impl Drop for Desk {
    /// Whatever a test does, its books close and its journal proves them.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.book.account().books_close(), "{:?}", self.book.account());
            assert_eq!(self.findings(), []);
        }
    }
}

pub(crate) fn user() -> UserId {
    UserId::from_uuid(Uuid::from_u128(7))
}

pub(crate) fn credits(amount: &str) -> Credits {
    amount.parse().unwrap()
}

pub(crate) fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(START + micros).unwrap()
}

pub(crate) fn span(micros: i64) -> Span {
    Span::from_micros(micros).unwrap()
}

pub(crate) fn both(available: &str, held: &str) -> (String, String) {
    (available.to_owned(), held.to_owned())
}

/// The lot that a transaction opened.
pub(crate) fn lot_of(id: TransactionId) -> LotId {
    LotId::from_uuid(*id.as_uuid())
}

pub(crate) fn nobody() -> TransactionId {
    TransactionId::from_uuid(Uuid::from_u128(404))
}

pub(crate) fn deduct(amount: &str) -> Action {
    Action::Deduct { amount: credits(amount), operation: Operation::default() }
}

/// A hold that refuses to be captured late or for more.
pub(crate) fn reserve(amount: &str, lease: i64) -> Action {
    reserve_with(amount, lease, OverCapture::Reject, LateCapture::Reject)
}

pub(crate) fn reserve_with(
    amount: &str,
    lease: i64,
    over_capture: OverCapture,
    late_capture: LateCapture,
) -> Action {
    Action::Reserve {
        amount: credits(amount),
        lease: span(lease),
        over_capture,
        late_capture,
        operation: Operation::default(),
    }
}

pub(crate) fn capture(hold: TransactionId, amount: &str) -> Action {
    Action::Capture { hold, amount: credits(amount) }
}

pub(crate) fn release(hold: TransactionId) -> Action {
    Action::Release { hold, outcome: ReleaseOutcome::Cancelled }
}

pub(crate) fn extend(hold: TransactionId, lease: i64) -> Action {
    Action::ExtendHold { hold, lease: span(lease) }
}

pub(crate) fn refund(charge: TransactionId, amount: &str) -> Action {
    let amount = Some(credits(amount));
    Action::Refund { charge, amount, operation: Operation::default() }
}

pub(crate) fn refund_all(charge: TransactionId) -> Action {
    Action::Refund { charge, amount: None, operation: Operation::default() }
}

pub(crate) fn purchase(amount: &str) -> Action {
    let operation = Operation::default();
    Action::Purchase { amount: credits(amount), expires_at: None, operation }
}

/// A grant of a plan: of the priority 40, from `from` until `until`.
pub(crate) fn grant(amount: &str, from: Option<i64>, until: Option<i64>) -> Action {
    Action::Grant(GrantTerms {
        source: LotSource::Plan,
        amount: credits(amount),
        priority: None,
        effective_at: from.map(at),
        expires_at: until.map(at),
        operation: Operation::default(),
    })
}

pub(crate) fn adjust_up(amount: &str) -> Action {
    Action::AdjustUp { amount: credits(amount), operation: Operation::default() }
}

pub(crate) fn adjust_down(amount: &str) -> Action {
    Action::AdjustDown { amount: credits(amount), operation: Operation::default() }
}
