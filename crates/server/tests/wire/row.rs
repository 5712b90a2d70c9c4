//! What is known of one RPC: a good request, what may be wrong with it, what comes of it twice.
//!
//! Requests are JSON in the names of the proto. A text in them may hold names of the world as
//! `$user`: see `world.rs` for those that are always there; steps of the row add more.

use serde_json::Value;

use super::world::World;

/// A UUIDv7 that nobody and nothing has.
pub(crate) const NOBODY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// One RPC. Every case that can be derived from its descriptor is: a row says the rest.
#[derive(Clone)]
pub(crate) struct Row {
    /// As in `users.v1.UserService/GetUser`.
    pub(crate) method: &'static str,
    pub(crate) good: Value,
    pub(crate) steps: Vec<Step>,
    pub(crate) bad: Vec<Bad>,
    pub(crate) missing: Vec<(&'static str, &'static str)>,
    /// What another user is told who asks for this user's thing.
    pub(crate) others: Option<&'static str>,
    /// What is said of a user who is not there, or is no longer. `None` where that is no refusal.
    pub(crate) nobody: Option<&'static str>,
    pub(crate) twice: Twice,
    /// Fields that take any text.
    pub(crate) any: Vec<&'static str>,
    /// A call that takes the parent away, and what is said then.
    pub(crate) after: Vec<(Step, &'static str)>,
}

/// A field that is wrong.
#[derive(Clone)]
pub(crate) struct Bad {
    /// The path that the violation must have.
    pub(crate) named: &'static str,
    /// Where the value is put.
    pub(crate) at: &'static str,
    pub(crate) value: Value,
}

/// What comes of the same request twice at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Twice {
    /// Both are answered.
    Both,
    /// Both are answered, and one of the two says that it is a replay of the other.
    Replayed,
    /// One is answered and the other refused with this reason.
    Once(&'static str),
}

/// What prepares the world of a row.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// Calls `method` with the JSON, and keeps what is at these paths of the answer by name.
    Call(&'static str, &'static str, &'static [(&'static str, &'static str)]),
    /// What no call does.
    Do(for<'a> fn(&'a mut World<'_>) -> futures_util::future::BoxFuture<'a, ()>),
}

impl Row {
    /// A call that changes nothing: twice at once, both are answered.
    pub(crate) fn read(method: &'static str, good: Value) -> Self {
        Self::write(method, good, Twice::Both)
    }

    pub(crate) fn write(method: &'static str, good: Value, twice: Twice) -> Self {
        Self {
            method,
            good,
            steps: Vec::new(),
            bad: Vec::new(),
            missing: Vec::new(),
            others: None,
            nobody: Some("USER_NOT_FOUND"),
            twice,
            any: Vec::new(),
            after: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, steps: &[Step]) -> Self {
        self.steps.extend(steps);
        self
    }

    /// A field whose violation has its own path.
    pub(crate) fn bad(self, field: &'static str, value: impl Into<Value>) -> Self {
        self.bad_at(field, field, value)
    }

    pub(crate) fn bad_at(
        mut self,
        named: &'static str,
        at: &'static str,
        value: impl Into<Value>,
    ) -> Self {
        self.bad.push(Bad { named, at, value: value.into() });
        self
    }

    /// A field that names a thing, and the reason where there is no such thing.
    pub(crate) fn missing(mut self, field: &'static str, reason: &'static str) -> Self {
        self.missing.push((field, reason));
        self
    }

    /// The thing is a user's own: what another is told of it.
    pub(crate) fn others(mut self, reason: &'static str) -> Self {
        self.others = Some(reason);
        self
    }

    /// What is said of a user who is not there.
    pub(crate) fn nobody(mut self, reason: Option<&'static str>) -> Self {
        self.nobody = reason;
        self
    }

    /// A field that takes any text, for it is cut to what is kept of it.
    pub(crate) fn any(mut self, field: &'static str) -> Self {
        self.any.push(field);
        self
    }

    /// What takes away a thing that this one hangs on, and what is said then.
    pub(crate) fn after(mut self, step: Step, reason: &'static str) -> Self {
        self.after.push((step, reason));
        self
    }
}
