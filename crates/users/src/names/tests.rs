//! Which texts are names, usernames and addresses of avatars.

use super::*;

#[test]
fn usernames_are_short_and_plain() {
    let longest = "x".repeat(30);
    for text in ["ada", "Ada_1815", "___", "007", &longest] {
        assert_eq!(text.parse::<Username>().map(|name| name.to_string()), Ok(text.to_owned()));
    }
    let too_long = "x".repeat(31);
    for text in ["", "ab", "a b", "ada!", "ada-l", "adá", "ada\n", &too_long] {
        assert_eq!(text.parse::<Username>(), Err(UsernameError), "{text:?}");
    }
    assert_eq!("Ada".parse::<Username>().map(|name| name.key()), Ok("ada".to_owned()));
}

#[test]
fn names_are_any_visible_text_of_their_length() {
    for text in ["Ada", "Élodie d'Arc", "李小龍", "عبد الله", " ada "] {
        assert_eq!(text.parse::<DisplayName>().map(|name| name.to_string()), Ok(text.to_owned()));
    }
    for (text, error) in [
        ("", NameError::Blank),
        (" \u{3000} ", NameError::Blank),
        ("a\nb", NameError::ControlCharacter),
        ("a\u{0}", NameError::ControlCharacter),
        ("a\u{85}", NameError::ControlCharacter),
    ] {
        assert_eq!(text.parse::<FirstName>(), Err(error.clone()), "{text:?}");
        assert_eq!(text.parse::<LastName>(), Err(error), "{text:?}");
    }
}

#[test]
fn the_length_of_names_counts_characters_not_bytes() {
    assert!("é".repeat(200).parse::<DisplayName>().is_ok());
    assert!("é".repeat(100).parse::<FirstName>().is_ok());
    let too_long = |max| Err(NameError::TooLong { max });
    assert_eq!("é".repeat(201).parse::<DisplayName>().map(|_| ()), too_long(200));
    assert_eq!("é".repeat(101).parse::<FirstName>().map(|_| ()), too_long(100));
    assert_eq!("é".repeat(101).parse::<LastName>().map(|_| ()), too_long(100));
}

#[test]
fn avatars_are_web_addresses() {
    let longest = format!("https://example.com/{}", "x".repeat(2_028));
    for text in ["http://a", "HTTPS://example.com/ä.png?s=1#f", "https://[::1]:80/x", &longest] {
        assert_eq!(text.parse::<AvatarUrl>().map(|url| url.to_string()), Ok(text.to_owned()));
    }
    for text in [
        "",
        "example.com/a.png",
        "//example.com/a.png",
        "ftp://example.com/a.png",
        "javascript:alert(1)//http://x",
        "data:image/png;base64,AA==",
        "https://",
        "https:///a.png",
        "https://?a",
        "https://exa mple.com",
        "https://example.com/\u{0}",
        "https://example.com/a\nb",
    ] {
        assert_eq!(text.parse::<AvatarUrl>(), Err(AvatarUrlError::Malformed), "{text:?}");
    }
    assert_eq!(format!("{longest}x").parse::<AvatarUrl>(), Err(AvatarUrlError::TooLong));
}
