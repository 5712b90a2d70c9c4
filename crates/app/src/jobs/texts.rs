//! Texts that models write, made to fit where they go: models keep to no rules.

use std::str::FromStr;

/// What stands for a text that is blank.
const NOTHING: &str = "-";

/// The text without what may not stand in it, cut where it is too long. `max` is in characters.
pub(super) fn fit<T: FromStr>(text: &str, max: usize, lines: bool) -> Option<T> {
    let allowed = |c: &char| !c.is_control() || (lines && matches!(c, '\n' | '\t'));
    let kept: String = text.chars().filter(allowed).take(max).collect();
    let kept = if kept.trim().is_empty() { NOTHING } else { kept.as_str() };
    kept.parse().ok()
}

/// The same for a text that need not be there.
pub(super) fn fit_optional<T: FromStr>(text: Option<&str>, max: usize, lines: bool) -> Option<T> {
    text.filter(|text| !text.trim().is_empty()).and_then(|text| fit(text, max, lines))
}

/// A text as it may be stored at all.
pub(super) fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

#[cfg(test)]
mod tests {
    use kernel::{Line, Prose};

    use super::*;

    #[test]
    fn every_text_fits_in_the_end() {
        let line = |text: &str| fit::<Line<5>>(text, 5, false).map(|line| line.to_string());
        assert_eq!(line("one\ntwo"), Some("onetw".to_owned()));
        assert_eq!(line(" \u{0}"), Some("-".to_owned()));
        let prose = fit::<Prose<9>>("a\u{1}\r\nb", 9, true).map(|prose| prose.to_string());
        assert_eq!(prose, Some("a\nb".to_owned()));
        assert_eq!(fit_optional::<Line<5>>(Some(" "), 5, false), None);
        assert_eq!(storable("a\0b".to_owned()), "ab");
    }
}
