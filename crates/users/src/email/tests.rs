//! Which texts are email addresses.

use proptest::prelude::*;

use super::*;

#[test]
fn addresses_are_kept_as_written() {
    for text in
        ["ada@example.com", "Ada.L+news@Mail.Example.CO", "a@b.co", "%_-.@-.zz", "a@b..c.museum"]
    {
        assert_eq!(text.parse::<Email>().map(|email| email.to_string()), Ok(text.to_owned()));
    }
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "@",
        "ada",
        "ada@example",
        "ada@.com",
        "@example.com",
        "ada@example.c",
        "ada@example.c0m",
        "ada@example.com.",
        "ada@@example.com",
        "a@b@example.com",
        "ada @example.com",
        "ada@exam_ple.com",
        "adá@example.com",
        "ada@example.com\n",
        "\u{0}ada@example.com",
    ] {
        assert_eq!(text.parse::<Email>(), Err(EmailError::Malformed), "{text:?}");
    }
}

#[test]
fn an_address_has_at_most_254_bytes() {
    let at_most = format!("{}@example.com", "a".repeat(242));
    assert_eq!(at_most.len(), BYTES_MAX);
    assert!(at_most.parse::<Email>().is_ok());
    assert_eq!(format!("a{at_most}").parse::<Email>(), Err(EmailError::TooLong));
}

#[test]
fn the_key_knows_no_case() {
    let key = |text: &str| text.parse::<Email>().unwrap().key();
    assert_eq!(key("Ada@Example.COM"), key("aDA@example.com"));
    assert_ne!(key("ada@example.com"), key("ida@example.com"));
}

proptest! {
    #[test]
    fn whatever_the_pattern_makes_is_an_address(
        text in r"[A-Za-z0-9._%+-]{1,60}@[A-Za-z0-9.-]{1,60}\.[A-Za-z]{2,20}"
    ) {
        prop_assert_eq!(text.parse::<Email>().map(|email| email.to_string()), Ok(text));
    }

    #[test]
    fn no_byte_outside_the_pattern_gets_in(
        text in r"[A-Za-z0-9@. ]{0,8}[^A-Za-z0-9._%+@-][A-Za-z0-9@. ]{0,8}"
    ) {
        prop_assert_eq!(text.parse::<Email>(), Err(EmailError::Malformed));
    }
}
