//! Reads the fields of a request and collects everything that is wrong with them.
//!
//! Each method notes a violation and answers `None`, or answers the value: a parser reads every
//! field first and puts its value together last, in [`Fields::finish`].

use std::fmt::Display;
use std::str::FromStr;

use app::Named;
use kernel::{Change, UserId};
use prost_types::FieldMask;
use tonic::Status;

use crate::status::{FieldViolation, IntoStatus, Refusal};

/// Everything that is wrong with a request, never nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations(Vec<FieldViolation>);

/// The fields of a request while it is read.
#[derive(Debug, Default)]
pub struct Fields {
    /// The path of the message that is being read, with its final point; empty at the top.
    path: String,
    violations: Vec<FieldViolation>,
}

/// The fields that an update mask names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask(Vec<&'static str>);

/// How many records one call reads by their ids: what comes back stays well below a message.
const BATCH_MAX: usize = 100;

/// The text unless it is empty, for plain fields in which empty means absent.
pub fn given(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}

impl Fields {
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that something is wrong with `field` of the message that is being read.
    pub fn note(&mut self, field: &str, problem: impl Display) {
        let path = format!("{}{field}", self.path);
        self.violations.push(FieldViolation::new(path, problem.to_string()));
    }

    /// The value of a field that something else has checked.
    pub fn check<T, E: Display>(&mut self, field: &str, outcome: Result<T, E>) -> Option<T> {
        outcome.map_err(|problem| self.note(field, problem)).ok()
    }

    /// A text that must be there.
    pub fn parse<T>(&mut self, field: &str, text: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        self.check(field, text.parse())
    }

    /// A text that may be absent. `Some(None)` says that it is.
    pub fn optional<T>(&mut self, field: &str, text: Option<&str>) -> Option<Option<T>>
    where
        T: FromStr<Err: Display>,
    {
        text.map_or(Some(None), |text| self.parse(field, text).map(Some))
    }

    /// A message that must be there, read by `parse` under its own path.
    pub fn required<M, T>(
        &mut self,
        field: &str,
        message: Option<M>,
        parse: impl FnOnce(&mut Self, M) -> Option<T>,
    ) -> Option<T> {
        let message = self.check(field, message.ok_or("is required"))?;
        self.within(field, |fields| parse(fields, message))
    }

    /// A message that may be absent, read by `parse` under its own path. `Some(None)` says that it
    /// is.
    pub fn maybe<M, T>(
        &mut self,
        field: &str,
        message: Option<M>,
        parse: impl FnOnce(&mut Self, M) -> Option<T>,
    ) -> Option<Option<T>> {
        message.map_or(Some(None), |message| {
            self.within(field, |fields| parse(fields, message)).map(Some)
        })
    }

    /// Every one of some messages, each read by `parse` under a path with its index.
    pub fn each<M, T>(
        &mut self,
        field: &str,
        messages: Vec<M>,
        mut parse: impl FnMut(&mut Self, M) -> Option<T>,
    ) -> Option<Vec<T>> {
        let read = messages.into_iter().enumerate().map(|(index, message)| {
            self.within(&format!("{field}[{index}]"), |fields| parse(fields, message))
        });
        // All are read before any is missed: each has its violations to note.
        read.collect::<Vec<_>>().into_iter().collect()
    }

    /// A value of an enum. Numbers that the enum lacks, and what `known` has no value for, as
    /// `UNSPECIFIED`, are violations and never a default.
    pub fn choice<E, T>(
        &mut self,
        field: &str,
        number: i32,
        known: impl FnOnce(E) -> Option<T>,
    ) -> Option<T>
    where
        E: TryFrom<i32>,
    {
        let value = E::try_from(number).ok().and_then(known);
        self.check(field, value.ok_or("must be one of the known values"))
    }

    /// The fields that an update mask names, of those that `allowed` lists.
    pub fn mask(&mut self, field: &str, mask: Option<FieldMask>, allowed: &[&'static str]) -> Mask {
        let FieldMask { paths } = mask.unwrap_or_default();
        if paths.is_empty() {
            self.note(field, "must name at least one field");
        }
        let mut named = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            let place = format!("{field}.paths[{index}]");
            match allowed.iter().find(|name| *name == path) {
                None => self.note(&place, "is not a field that can be changed"),
                Some(name) if named.contains(name) => self.note(&place, "is named twice"),
                Some(name) => named.push(*name),
            }
        }
        Mask(named)
    }

    /// What becomes of a field: kept unless the mask names it, cleared if it is absent.
    pub fn change<T>(&mut self, mask: &Mask, field: &str, text: Option<&str>) -> Option<Change<T>>
    where
        T: FromStr<Err: Display>,
    {
        match text {
            _ if !mask.names(field) => Some(Change::Keep),
            None => Some(Change::Clear),
            Some(text) => self.parse(field, text).map(Change::Set),
        }
    }

    /// What becomes of a field that cannot be cleared: `Some(None)` where the mask does not name it.
    pub fn set<T>(&mut self, mask: &Mask, field: &str, text: &str) -> Option<Option<T>>
    where
        T: FromStr<Err: Display>,
    {
        if mask.names(field) { self.parse(field, text).map(Some) } else { Some(None) }
    }

    /// The ids of a batch: at least one, and no more than a batch has.
    pub fn batch<T>(&mut self, field: &str, ids: &[String]) -> Option<Vec<T>>
    where
        T: FromStr<Err: Display>,
    {
        if !(1..=BATCH_MAX).contains(&ids.len()) {
            self.note(field, format!("must be 1 to {BATCH_MAX} ids"));
            return None;
        }
        let read = ids.iter().enumerate();
        let read = read.map(|(index, id)| self.parse(&format!("{field}[{index}]"), id));
        // All are read before any is missed: each has its violations to note.
        read.collect::<Vec<_>>().into_iter().collect()
    }

    /// The whole value if nothing was wrong. `make` answers `None` only for fields that were noted.
    pub fn finish<T>(self, make: impl FnOnce() -> Option<T>) -> Result<T, Violations> {
        match make() {
            Some(value) if self.violations.is_empty() => Ok(value),
            Some(_) | None => Err(Violations(self.violations)),
        }
    }

    fn within<T>(&mut self, field: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.path.len();
        self.path.push_str(field);
        self.path.push('.');
        let value = read(self);
        self.path.truncate(outer);
        value
    }
}

/// Reads the three fields by which a record of a user is named for a change.
pub fn named<I>(user: &str, field: &str, id: &str, etag: &str) -> Result<Named<I>, Violations>
where
    I: FromStr<Err: Display>,
{
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user);
    let id = fields.parse(field, id);
    let expected = fields.optional("etag", given(etag));
    fields.finish(|| Some(Named { user: user?, id: id?, expected: expected? }))
}

/// Reads the two fields by which a record of a user is named.
pub fn one<I>(user: &str, field: &str, id: &str) -> Result<(UserId, I), Violations>
where
    I: FromStr<Err: Display>,
{
    named(user, field, id, "").map(|Named { user, id, expected: _ }| (user, id))
}

impl Mask {
    pub fn names(&self, field: &str) -> bool {
        self.0.contains(&field)
    }
}

impl From<Violations> for Refusal {
    fn from(violations: Violations) -> Self {
        Self::fields(violations.0)
    }
}

impl IntoStatus for Violations {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}

#[cfg(test)]
mod tests;
