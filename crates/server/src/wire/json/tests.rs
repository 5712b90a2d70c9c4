//! The normal form of objects, what has none, and what reads back.

use proptest::prelude::*;

use super::*;

const BYTES_MAX: usize = 8 * 1024;

fn of(kind: Kind) -> Value {
    Value { kind: Some(kind) }
}

fn one(kind: Kind) -> Struct {
    Struct { fields: [("k".to_owned(), of(kind))].into() }
}

fn nested(depth: usize) -> Struct {
    (1..depth).fold(one(Kind::BoolValue(true)), |inner, _| one(Kind::StructValue(inner)))
}

#[test]
fn keys_are_sorted_and_whole_numbers_have_no_fraction() {
    for (number, text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-7.0, "-7"),
        (0.5, "0.5"),
        (9_007_199_254_740_993.0, "9007199254740992"),
        (1e16, "10000000000000000"),
        (1e19, "10000000000000000000"),
        (1e20, "1e+20"),
        (-1e19, "-1e+19"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
    ] {
        let expected = format!("{{\"k\":{text}}}");
        assert_eq!(
            parse(one(Kind::NumberValue(number)), BYTES_MAX),
            Ok(Some(expected)),
            "{number}"
        );
    }
    let words = |text: &str| of(Kind::StringValue(text.to_owned()));
    let list = ListValue { values: vec![words("é\n"), of(Kind::NullValue(0))] };
    let fields = [("b", of(Kind::ListValue(list))), ("a", words("")), ("", words("x"))];
    let fields = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let expected = r#"{"":"x","a":"","b":["é\n",null]}"#.to_owned();
    assert_eq!(parse(Struct { fields }, BYTES_MAX), Ok(Some(expected)));
}

#[test]
fn a_struct_without_fields_is_none() {
    assert_eq!(parse(Struct::default(), BYTES_MAX), Ok(None));
}

#[test]
fn what_no_json_has_is_refused() {
    for (message, problem) in [
        (one(Kind::NumberValue(f64::NAN)), JsonError::NotFinite),
        (one(Kind::NumberValue(f64::INFINITY)), JsonError::NotFinite),
        (one(Kind::NumberValue(f64::NEG_INFINITY)), JsonError::NotFinite),
        (one(Kind::StringValue("a\0b".to_owned())), JsonError::Nul),
        (Struct { fields: [("\0".to_owned(), of(Kind::NullValue(0)))].into() }, JsonError::Nul),
        (Struct { fields: [("k".to_owned(), Value { kind: None })].into() }, JsonError::NoKind),
        (nested(DEPTH_MAX + 1), JsonError::TooDeep),
        (one(Kind::StringValue("x".repeat(BYTES_MAX))), JsonError::TooLong { max: BYTES_MAX }),
    ] {
        assert_eq!(parse(message, BYTES_MAX), Err(problem));
    }
}

#[test]
fn the_deepest_and_the_longest_are_taken() {
    assert!(parse(nested(DEPTH_MAX), BYTES_MAX).is_ok());
    let frame = r#"{"k":""}"#.len();
    let longest = parse(one(Kind::StringValue("x".repeat(BYTES_MAX - frame))), BYTES_MAX);
    assert_eq!(longest.unwrap().unwrap().len(), BYTES_MAX);
    let lists = (1..DEPTH_MAX).fold(of(Kind::NullValue(0)), |inner, _| {
        of(Kind::ListValue(ListValue { values: vec![inner] }))
    });
    assert!(parse(one(lists.kind.clone().unwrap()), BYTES_MAX).is_ok());
    let deeper = one(Kind::ListValue(ListValue { values: vec![lists] }));
    assert_eq!(parse(deeper, BYTES_MAX), Err(JsonError::TooDeep));
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Kind::NullValue(0)),
        any::<bool>().prop_map(Kind::BoolValue),
        (-1e300..1e300f64).prop_map(Kind::NumberValue),
        any::<i32>().prop_map(|number| Kind::NumberValue(number.into())),
        any::<u64>().prop_map(|bits| {
            let number = f64::from_bits(bits);
            Kind::NumberValue(if number.is_finite() && number != 0.0 { number } else { 1.0 })
        }),
        "[^\0]{0,9}".prop_map(Kind::StringValue),
    ];
    let tree = leaf.prop_map(of).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|values| of(Kind::ListValue(ListValue { values }))),
            proptest::collection::btree_map("[^\0]{0,4}", inner, 0..4)
                .prop_map(|fields| of(Kind::StructValue(Struct { fields }))),
        ]
    });
    tree.boxed()
}

proptest! {
    #[test]
    fn what_is_rendered_reads_back(value in any_value()) {
        let message = Struct { fields: [("k".to_owned(), value)].into() };
        let text = parse(message.clone(), BYTES_MAX).unwrap().unwrap();
        let back = render(&text).unwrap();
        prop_assert_eq!(&back, &message);
        prop_assert_eq!(parse(back, BYTES_MAX), Ok(Some(text)));
    }
}
