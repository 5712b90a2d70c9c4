use proptest::prelude::*;

use super::*;

fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

fn terms(unit: Unit, unit_price: &str, minimum: &str) -> Terms {
    let (unit_price, minimum) = (credits(unit_price), credits(minimum));
    Terms { unit, unit_price, minimum, covers_edit: false }
}

#[test]
fn a_total_is_rounded_once_half_up_and_never_below_the_minimum() {
    for (unit, price, minimum, quantity, total) in [
        (Unit::Image, "0.07", "0", "200", "14.00"),
        (Unit::Job, "5", "0", "1", "5.00"),
        (Unit::Second, "0.01", "0", "0.499", "0.00"),
        (Unit::Second, "0.01", "0", "0.5", "0.01"),
        (Unit::Second, "0.03", "0", "0.5", "0.02"),
        (Unit::Second, "1.25", "0", "7.333", "9.17"),
        (Unit::ThousandCharacters, "0.10", "0.5", "1.234", "0.50"),
        (Unit::ThousandCharacters, "0.10", "0.5", "12.345", "1.23"),
        (Unit::Job, "0", "0", "1", "0.00"),
    ] {
        let found = terms(unit, price, minimum).total(quantity.parse().unwrap());
        assert_eq!(found, Ok(credits(total)), "{price} x {quantity}");
    }
}

#[test]
fn half_a_job_and_more_than_an_account_holds_are_refused() {
    let job = terms(Unit::Job, "5", "0");
    assert_eq!(job.total("1.5".parse().unwrap()), Err(Rejection::NotDivisible { unit: Unit::Job }));
    let dear = terms(Unit::Second, "9999999999.99", "0");
    assert_eq!(dear.total("1.001".parse().unwrap()), Err(Rejection::TotalTooLarge));
    assert_eq!(dear.total(Quantity::ONE), Ok(Credits::MAX));
}

#[test]
fn quantities_read_back_and_odd_ones_are_refused() {
    for (text, shown) in [("1", "1"), ("1.5", "1.500"), ("0.001", "0.001"), ("007", "7")] {
        assert_eq!(text.parse::<Quantity>().unwrap().to_string(), shown);
    }
    assert_eq!("1000000000".parse(), Ok(Quantity::MAX));
    for text in
        ["", "0", "0.000", "-1", "+1", "1e3", ".5", "5.", "1.0005", "1000000000.001", "NaN", "1 "]
    {
        assert_eq!(text.parse::<Quantity>(), Err(QuantityError), "{text:?}");
    }
}

#[test]
fn a_change_by_more_than_ten_times_is_a_leap() {
    let old = terms(Unit::Image, "2", "0");
    for (price, minimum, leap) in [
        ("20", "0", false),
        ("20.01", "0", true),
        ("0.20", "0", false),
        ("0.19", "0", true),
        ("2", "20", false),
        ("2", "20.01", true),
        ("0", "0", true),
        ("2000000", "0", true),
    ] {
        let new = terms(Unit::Image, price, minimum);
        assert_eq!(new.leaps_from(&old), leap, "{price} {minimum}");
        assert_eq!(old.leaps_from(&new), leap, "{price} {minimum}");
    }
    assert!(terms(Unit::Job, "2", "0").leaps_from(&old));
    let free = terms(Unit::Job, "0", "0");
    assert!(!free.leaps_from(&free));
}

proptest! {
    #[test]
    fn a_total_is_within_half_a_hundredth_of_the_exact_product(
        price in 0u64..100_000, thousandths in 1u64..10_000_000, minimum in 0u64..1_000,
    ) {
        let hundredths = |n| Credits::from_hundredths(n).unwrap();
        let terms = Terms {
            unit: Unit::Second,
            unit_price: hundredths(price),
            minimum: hundredths(minimum),
            covers_edit: false,
        };
        let total = terms.total(Quantity::from_thousandths(thousandths).unwrap()).unwrap();
        let exact = price * thousandths;
        if total.hundredths() > minimum {
            let off = (total.hundredths() * 1_000).abs_diff(exact);
            prop_assert!(off <= 500, "{off}");
            prop_assert!(off < 500 || total.hundredths() * 1_000 > exact);
        } else {
            prop_assert_eq!(total.hundredths(), minimum);
            prop_assert!(exact < minimum * 1_000 + 500);
        }
    }
}
