//! Decisions on prices: setting one, withdrawing one.

use kernel::{PriceVersionId, Timestamp};

use crate::{Author, PriceKey, PriceVersion, Prose, Rejection, Terms};

/// Asks for a price from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetPrice {
    pub key: PriceKey,
    /// `None` withdraws the price.
    pub terms: Option<Terms>,
    /// `None`: at once.
    pub valid_from: Option<Timestamp>,
    /// Says that a change by more than ten times is meant.
    pub confirm_large_change: bool,
    pub author: Author,
    pub reason: Option<Prose<1000>>,
}

/// What a request for a price comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pricing {
    New(PriceVersion),
    /// This version says the same already.
    Unchanged(PriceVersion),
}

/// The version in force at a moment, of all versions of one key.
pub fn in_force(versions: &[PriceVersion], at: Timestamp) -> Option<&PriceVersion> {
    let begun = versions.iter().filter(|version| version.valid_from <= at);
    begun.max_by_key(|version| (version.valid_from, version.number))
}

/// Decides on a price, knowing every version of its key.
pub fn set(
    versions: &[PriceVersion],
    command: &SetPrice,
    id: PriceVersionId,
    now: Timestamp,
) -> Result<Pricing, Rejection> {
    let SetPrice { key, terms, valid_from, confirm_large_change, author, reason } = command;
    if terms.is_some_and(|terms| terms.covers_edit && key.edit) {
        return Err(Rejection::EditCoversItself);
    }
    if valid_from.is_some_and(|valid_from| valid_from < now) {
        return Err(Rejection::PriceInThePast);
    }
    // A clock that was set back must not put a new price before the one it replaces.
    let newest = versions.iter().map(|version| version.created_at).max();
    let valid_from = valid_from.unwrap_or(now.max(newest.unwrap_or(now)));
    let before = in_force(versions, valid_from);
    match before {
        Some(same) if same.terms == *terms => return Ok(Pricing::Unchanged(same.clone())),
        None if terms.is_none() => return Err(Rejection::Unpriced),
        Some(_) | None => {}
    }
    // What was withdrawn is compared with what it was: withdrawing is no way around the guard.
    let priced = versions.iter().filter(|version| version.valid_from <= valid_from);
    let priced = priced.filter(|version| version.terms.is_some());
    let old = priced.max_by_key(|version| (version.valid_from, version.number));
    if let (Some(old), Some(new), false) =
        (old.and_then(|version| version.terms), *terms, *confirm_large_change)
        && new.leaps_from(&old)
    {
        return Err(Rejection::PriceChangeTooLarge { old, new });
    }
    let number = versions.iter().map(|version| version.number).max().unwrap_or(0) + 1;
    Ok(Pricing::New(PriceVersion {
        id,
        key: key.clone(),
        number,
        terms: *terms,
        valid_from,
        created_at: now,
        author: author.clone(),
        reason: reason.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use kernel::{Credits, Span};
    use uuid::Uuid;

    use super::*;
    use crate::Unit;

    fn at(seconds: u32) -> Timestamp {
        Timestamp::from_micros(1_767_225_600_000_000)
            .unwrap()
            .saturating_add(Span::from_secs(seconds))
    }

    fn command(price: Option<&str>, valid_from: Option<Timestamp>) -> SetPrice {
        SetPrice {
            key: PriceKey {
                operation: "IMAGE_GENERATION".parse().unwrap(),
                model: None,
                edit: false,
            },
            terms: price.map(|price| Terms {
                unit: Unit::Image,
                unit_price: price.parse().unwrap(),
                minimum: Credits::ZERO,
                covers_edit: false,
            }),
            valid_from,
            confirm_large_change: false,
            author: Author { key: None, name: "test".parse().unwrap() },
            reason: None,
        }
    }

    /// Sets prices one after the other, each a second later.
    fn history(commands: &[SetPrice]) -> Vec<PriceVersion> {
        let mut versions = Vec::new();
        for (second, command) in (0..).zip(commands) {
            let id = PriceVersionId::from_uuid(Uuid::from_u128(u128::from(second) + 1));
            match set(&versions, command, id, at(second)).unwrap() {
                Pricing::New(version) => versions.push(version),
                Pricing::Unchanged(_) => {}
            }
        }
        versions
    }

    fn price_at(versions: &[PriceVersion], at: Timestamp) -> Option<String> {
        let terms = in_force(versions, at)?.terms?;
        Some(terms.unit_price.to_string())
    }

    #[test]
    fn a_price_is_in_force_until_the_next_one_and_may_be_set_ahead() {
        let versions = history(&[
            command(Some("1"), None),
            command(Some("3"), Some(at(100))),
            command(Some("2"), None),
        ]);
        let prices = [0, 1, 2, 99, 100, 101].map(|second| price_at(&versions, at(second)).unwrap());
        assert_eq!(prices, ["1.00", "1.00", "2.00", "2.00", "3.00", "3.00"]);
        assert_eq!(in_force(&versions, at(0).saturating_sub(Span::from_secs(1))), None);
    }

    #[test]
    fn of_two_prices_of_one_moment_the_later_one_counts() {
        let versions = history(&[
            command(Some("1"), Some(at(50))),
            command(Some("2"), Some(at(50))),
            command(Some("3"), Some(at(50))),
        ]);
        assert_eq!(price_at(&versions, at(50)).unwrap(), "3.00");
    }

    #[test]
    fn the_same_price_again_is_no_new_version() {
        let versions = history(&[command(Some("1"), None), command(Some("1.00"), None)]);
        assert_eq!(versions.len(), 1);
        let id = versions[0].id;
        let again = set(&versions, &command(Some("1"), None), id, at(9));
        assert_eq!(again, Ok(Pricing::Unchanged(versions[0].clone())));
    }

    #[test]
    fn a_mistyped_price_is_refused_unless_it_is_meant() {
        let versions = history(&[command(Some("2"), None)]);
        let id = versions[0].id;
        let typo = command(Some("2000000"), None);
        let Err(Rejection::PriceChangeTooLarge { old, new }) = set(&versions, &typo, id, at(5))
        else {
            panic!("not refused");
        };
        assert_eq!(
            (old.to_string(), new.to_string()),
            ("2.00 per image".to_owned(), "2000000.00 per image".to_owned())
        );
        let meant = SetPrice { confirm_large_change: true, ..typo.clone() };
        assert!(matches!(set(&versions, &meant, id, at(5)), Ok(Pricing::New(_))));
        // Withdrawing in between is no way around it.
        let versions = history(&[command(Some("2"), None), command(None, None)]);
        assert!(set(&versions, &typo, id, at(5)).is_err());
    }

    #[test]
    fn the_past_is_not_repriced_and_nothing_is_withdrawn_twice() {
        let id = PriceVersionId::from_uuid(Uuid::from_u128(1));
        let past = command(Some("1"), Some(at(4)));
        assert_eq!(set(&[], &past, id, at(5)), Err(Rejection::PriceInThePast));
        assert_eq!(set(&[], &command(None, None), id, at(5)), Err(Rejection::Unpriced));
        let mut edit = command(Some("1"), None);
        edit.key.edit = true;
        edit.terms.as_mut().unwrap().covers_edit = true;
        assert_eq!(set(&[], &edit, id, at(5)), Err(Rejection::EditCoversItself));
    }
}
