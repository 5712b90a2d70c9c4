//! Prices: what one unit of an operation costs, from which moment on, by whose word.

use std::fmt;
use std::str::FromStr;

use kernel::{ApiKeyId, Credits, PriceVersionId, Timestamp};

use crate::{Label, OperationTypeId, Prose, Rejection};

/// What a price is of. The model is the logical one; `None` means any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceKey {
    pub operation: OperationTypeId,
    pub model: Option<Label<128>>,
    /// Whether it is the price of an edit.
    pub edit: bool,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Job,
    Image,
    Second,
    ThousandCharacters,
}

/// How a price comes to a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub unit: Unit,
    pub unit_price: Credits,
    /// The least that a total is.
    pub minimum: Credits,
    /// Whether an edit that has no price of its own is sold at this price. Only of normal prices.
    pub covers_edit: bool,
}

/// Who set a price: a credential's id and name, or the product's defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub key: Option<ApiKeyId>,
    pub name: Label<200>,
}

/// A price from one moment until the next version's. Never changed and never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceVersion {
    pub id: PriceVersionId,
    pub key: PriceKey,
    /// Counts the versions of the key: of two of the same moment the later one counts.
    pub number: u64,
    /// `None`: from then on the key has no price.
    pub terms: Option<Terms>,
    pub valid_from: Timestamp,
    pub created_at: Timestamp,
    pub author: Author,
    pub reason: Option<Prose<1000>>,
}

/// How many units, in thousandths: more than none, at most [`Quantity::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(u64);

/// The text is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a decimal from 0.001 to 1000000000 with at most three places")]
pub struct QuantityError;

impl Unit {
    pub const ALL: [Self; 4] = [Self::Job, Self::Image, Self::Second, Self::ThousandCharacters];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Image => "image",
            Self::Second => "second",
            Self::ThousandCharacters => "thousand_characters",
        }
    }

    /// Whether there are parts of it.
    const fn divisible(self) -> bool {
        match self {
            Self::Job | Self::Image => false,
            Self::Second | Self::ThousandCharacters => true,
        }
    }
}

impl Terms {
    /// What so many units cost: the only rounding there is, half a hundredth upwards, on the total
    /// alone; then the minimum.
    pub fn total(&self, quantity: Quantity) -> Result<Credits, Rejection> {
        if !self.unit.divisible() && !quantity.0.is_multiple_of(1_000) {
            return Err(Rejection::NotDivisible { unit: self.unit });
        }
        let thousandths = u128::from(self.unit_price.hundredths()) * u128::from(quantity.0);
        let rounded = (thousandths + 500) / 1_000;
        let total = u64::try_from(rounded).ok().and_then(Credits::from_hundredths);
        Ok(total.ok_or(Rejection::TotalTooLarge)?.max(self.minimum))
    }

    /// Whether these terms differ so much from earlier ones that it may be a slip of the pen: more
    /// than ten times, either way, per unit or for the smallest sale; or another unit.
    pub fn leaps_from(&self, before: &Self) -> bool {
        let leap = |old: Credits, new: Credits| {
            let (old, new) = (u128::from(old.hundredths()), u128::from(new.hundredths()));
            new > old * 10 || old > new * 10
        };
        let least = |terms: &Self| terms.unit_price.max(terms.minimum);
        self.unit != before.unit
            || leap(before.unit_price, self.unit_price)
            || leap(least(before), least(self))
    }
}

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} per {}", self.unit_price, self.unit.as_str())?;
        if self.minimum.is_zero() { Ok(()) } else { write!(f, ", at least {}", self.minimum) }
    }
}

impl Quantity {
    pub const MAX: Self = Self(1_000_000_000_000);
    pub const ONE: Self = Self(1_000);

    /// `None` for nothing, and past [`Quantity::MAX`].
    pub fn from_thousandths(thousandths: u64) -> Option<Self> {
        (1..=Self::MAX.0).contains(&thousandths).then_some(Self(thousandths))
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str, max: usize| {
            (1..=max).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(whole, 10) || !digits(places, 3) {
            return Err(QuantityError);
        }
        format!("{whole}{places:0<3}")
            .parse()
            .ok()
            .and_then(Self::from_thousandths)
            .ok_or(QuantityError)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, places) = (self.0 / 1_000, self.0 % 1_000);
        if places == 0 { write!(f, "{whole}") } else { write!(f, "{whole}.{places:03}") }
    }
}

#[cfg(test)]
mod tests;
