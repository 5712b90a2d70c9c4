//! Quotes: which price an operation is sold at, and what it comes to.

use kernel::{Credits, PriceVersionId, Timestamp};

use crate::{Label, OperationType, PriceVersion, Quantity, Rejection, Terms};

/// What an operation costs. Later changes of the price do not touch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub version: PriceVersionId,
    pub terms: Terms,
    pub quantity: Quantity,
    pub total: Credits,
    pub at: Timestamp,
    /// Whether it is an edit sold at the normal price.
    pub covered_edit: bool,
}

/// Quotes from the versions in force at `at`, one of each key that could match.
///
/// The most specific one wins: the model's own price, then any model's; an edit takes a normal
/// price only where it has none of its own and the price covers edits. A price that was withdrawn
/// ends the search: that it is not sold is said, not guessed at.
pub fn quote(
    operation: &OperationType,
    in_force: &[PriceVersion],
    model: Option<&Label<128>>,
    edit: bool,
    quantity: Quantity,
    at: Timestamp,
) -> Result<Quote, Rejection> {
    if operation.retired_at.is_some_and(|retired_at| retired_at <= at) {
        return Err(Rejection::OperationTypeRetired);
    }
    let of = |wanted: Option<&Label<128>>, edit: bool| {
        in_force.iter().find(|found| found.key.model.as_ref() == wanted && found.key.edit == edit)
    };
    let own = model.is_some().then(|| of(model, edit)).flatten().or_else(|| of(None, edit));
    let (version, covered_edit) = match own {
        Some(version) => (version, false),
        None if edit => {
            let covering =
                |found: &&PriceVersion| found.terms.is_none_or(|terms| terms.covers_edit);
            let normal = model.is_some().then(|| of(model, false)).flatten();
            let normal = normal.or_else(|| of(None, false)).filter(covering);
            (normal.ok_or(Rejection::Unpriced)?, true)
        }
        None => return Err(Rejection::Unpriced),
    };
    let terms = version.terms.ok_or(Rejection::Unpriced)?;
    let total = terms.total(quantity)?;
    Ok(Quote { version: version.id, terms, quantity, total, at, covered_edit })
}

#[cfg(test)]
mod tests {
    use kernel::Etag;
    use uuid::Uuid;

    use super::*;
    use crate::{Author, PriceKey, Unit};

    const NOW: Timestamp = Timestamp::MAX;

    fn operation() -> OperationType {
        let created_at = Timestamp::MIN;
        OperationType {
            id: "IMAGE_GENERATION".parse().unwrap(),
            description: None,
            retired_at: None,
            etag: Etag::FIRST,
            created_at,
            updated_at: created_at,
        }
    }

    fn version(model: Option<&str>, edit: bool, price: Option<(&str, bool)>) -> PriceVersion {
        PriceVersion {
            id: PriceVersionId::from_uuid(Uuid::from_u128(7)),
            key: PriceKey {
                operation: operation().id,
                model: model.map(|model| model.parse().unwrap()),
                edit,
            },
            number: 1,
            terms: price.map(|(price, covers_edit)| Terms {
                unit: Unit::Image,
                unit_price: price.parse().unwrap(),
                minimum: Credits::ZERO,
                covers_edit,
            }),
            valid_from: Timestamp::MIN,
            created_at: Timestamp::MIN,
            author: Author { key: None, name: "test".parse().unwrap() },
            reason: None,
        }
    }

    fn cost(
        versions: &[PriceVersion],
        model: Option<&str>,
        edit: bool,
    ) -> Result<String, Rejection> {
        let model: Option<Label<128>> = model.map(|model| model.parse().unwrap());
        let found = quote(&operation(), versions, model.as_ref(), edit, Quantity::ONE, NOW);
        found.map(|found| found.total.to_string())
    }

    #[test]
    fn the_most_specific_price_wins() {
        let versions = [
            version(None, false, Some(("1", false))),
            version(None, true, Some(("2", false))),
            version(Some("flux"), false, Some(("3", false))),
            version(Some("flux"), true, Some(("4", false))),
            version(Some("imagen"), false, Some(("5", true))),
        ];
        for (model, edit, total) in [
            (None, false, "1.00"),
            (None, true, "2.00"),
            (Some("flux"), false, "3.00"),
            (Some("flux"), true, "4.00"),
            (Some("imagen"), false, "5.00"),
            (Some("imagen"), true, "2.00"),
            (Some("other"), false, "1.00"),
        ] {
            assert_eq!(cost(&versions, model, edit), Ok(total.to_owned()), "{model:?} {edit}");
        }
    }

    #[test]
    fn an_edit_takes_the_normal_price_only_where_that_says_so() {
        let normal = [version(None, false, Some(("1", false)))];
        assert_eq!(cost(&normal, None, true), Err(Rejection::Unpriced));
        let covering = [version(None, false, Some(("1", true)))];
        assert_eq!(cost(&covering, Some("flux"), true), Ok("1.00".to_owned()));
        let own = [
            version(Some("flux"), false, Some(("3", false))),
            version(None, false, Some(("1", true))),
        ];
        assert_eq!(cost(&own, Some("flux"), true), Err(Rejection::Unpriced));
    }

    #[test]
    fn what_has_no_price_and_what_was_withdrawn_is_not_sold() {
        assert_eq!(cost(&[], None, false), Err(Rejection::Unpriced));
        let withdrawn =
            [version(Some("flux"), false, None), version(None, false, Some(("1", true)))];
        assert_eq!(cost(&withdrawn, Some("flux"), false), Err(Rejection::Unpriced));
        assert_eq!(cost(&withdrawn, Some("flux"), true), Err(Rejection::Unpriced));
        let retired = OperationType { retired_at: Some(NOW), ..operation() };
        let one = [version(None, false, Some(("1", false)))];
        let found = quote(&retired, &one, None, false, Quantity::ONE, NOW);
        assert_eq!(found, Err(Rejection::OperationTypeRetired));
    }
}
