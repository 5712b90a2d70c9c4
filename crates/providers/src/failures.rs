//! What vendors' failures have in common: what a status means where the body says nothing better,
//! and texts that can be shown.

use generation::{Class, Failure, Stage};
use serde_json::Value;

use crate::http::Answer;
use crate::pause;

/// Long enough to say what is wrong.
const MESSAGE_CHARS_MAX: usize = 300;

/// How keys of the vendors begin.
const KEY_BEGINNINGS: &[&str] = &["sk-", "sk_", "AIza", "AQ.", "r8_", "tvly-", "Bearer"];

/// Words by which vendors say that they do not want to.
const REFUSALS: &[&str] = &[
    "safety",
    "content policy",
    "content_policy",
    "usage policy",
    "moderation",
    "nsfw",
    "prohibited",
    "sensitive",
    "inappropriate",
    "terms of service",
    "violat",
];

/// A failure with a text of the vendor's, shortened, without addresses and keys.
pub(crate) fn said(class: Class, message: &str) -> Failure {
    let words = message.split_whitespace().map(|word| {
        let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        if word.contains("://") || word.contains("base64,") {
            "[address]"
        } else if KEY_BEGINNINGS.iter().any(|key| bare.starts_with(key)) {
            "[key]"
        } else {
            word
        }
    });
    let mut text = words.collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        text.push_str("the provider does not say why");
    }
    if text.chars().count() > MESSAGE_CHARS_MAX {
        text = text.chars().take(MESSAGE_CHARS_MAX - 1).chain(['…']).collect();
    }
    Failure::new(class, text)
}

pub(crate) fn refused(stage: Stage, categories: Vec<String>, message: &str) -> Failure {
    said(Class::ContentRefused { stage, categories }, message)
}

/// Parameters that this provider cannot take, found before anything is sent.
pub(crate) fn unfit(message: impl Into<String>) -> Failure {
    Failure::new(Class::InvalidArgument, message)
}

/// An answer of success that cannot be read: something was made, perhaps.
pub(crate) fn unreadable() -> Failure {
    Failure::new(Class::Ambiguous, "the provider's answer cannot be read")
}

/// It was made, and the bytes are not there or are broken.
pub(crate) fn lost(message: &str) -> Failure {
    Failure::new(Class::OutputLost, message)
}

/// The provider took it and could not make it.
pub(crate) fn broken(retryable: bool, message: &str) -> Failure {
    said(Class::ProviderFailed { retryable }, message)
}

/// Whether a text says that content is refused.
pub(crate) fn speaks_of_refusal(text: &str) -> bool {
    let text = text.to_lowercase();
    REFUSALS.iter().any(|word| text.contains(word))
}

/// What a status alone says of a request that was to make something.
pub(crate) fn by_status(answer: &Answer) -> Class {
    match answer.status {
        401 | 403 => Class::AuthFailed,
        402 => Class::QuotaExhausted { until: None },
        404 | 410 => Class::ModelRetired,
        409 | 423 | 425 => Class::ProviderFailed { retryable: true },
        429 => Class::RateLimited { retry_after: pause::told(answer) },
        // Who answers 408 has waited for the request, or a proxy for what became of it.
        408 | 500.. => Class::Ambiguous,
        400..=499 => Class::InvalidArgument,
        // A redirect is not followed, and nothing is made by it.
        300..=399 => Class::ProviderFailed { retryable: false },
        _ => Class::Ambiguous,
    }
}

/// What a refused question about an operation says of the operation: as a rule nothing.
pub(crate) fn of_question(failure: Failure) -> Failure {
    let class = match failure.class {
        Class::RateLimited { retry_after } => Class::RateLimited { retry_after },
        Class::QuotaExhausted { .. } => Class::RateLimited { retry_after: None },
        // Nobody but the provider had it.
        Class::ModelRetired | Class::OutputLost => Class::OutputLost,
        Class::InvalidArgument
        | Class::ContentRefused { .. }
        | Class::AuthFailed
        | Class::Transient
        | Class::Ambiguous
        | Class::ProviderFailed { .. } => Class::Transient,
    };
    Failure { class, ..failure }
}

/// What a refused question about the account says: that the key is refused, or nothing.
pub(crate) fn of_probe(failure: Failure) -> Failure {
    match failure.class {
        Class::AuthFailed | Class::RateLimited { .. } | Class::QuotaExhausted { .. } => failure,
        Class::InvalidArgument
        | Class::ContentRefused { .. }
        | Class::ModelRetired
        | Class::Transient
        | Class::Ambiguous
        | Class::ProviderFailed { .. }
        | Class::OutputLost => Failure { class: Class::Transient, ..failure },
    }
}

/// A text of the answer, whichever of the places has one.
pub(crate) fn text_at<'a>(value: &'a Value, places: &[&str]) -> Option<&'a str> {
    places.iter().find_map(|place| value.pointer(place)?.as_str()).filter(|text| !text.is_empty())
}

/// A code, which some send as a number.
pub(crate) fn code_at(value: &Value, places: &[&str]) -> Option<String> {
    places.iter().find_map(|place| match value.pointer(place)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_no_keys_and_no_addresses() {
        let message =
            "Incorrect API key provided: sk-proj-abc.  See\nhttps://x.example/keys (AIzaX)";
        let failure = said(Class::AuthFailed, message);
        assert_eq!(failure.message, "Incorrect API key provided: [key] See [address] [key]");
        let long = said(Class::AuthFailed, &"ä".repeat(1_000));
        assert_eq!(long.message.chars().count(), MESSAGE_CHARS_MAX);
        assert_eq!(said(Class::AuthFailed, " ").message, "the provider does not say why");
    }

    #[test]
    fn a_refused_question_says_nothing_of_the_operation() {
        let of = |class| of_question(Failure::new(class, "x")).class;
        for class in [Class::AuthFailed, Class::Ambiguous, Class::InvalidArgument] {
            assert_eq!(of(class), Class::Transient);
        }
        assert_eq!(of(Class::ModelRetired), Class::OutputLost);
        let limited = Class::RateLimited { retry_after: None };
        assert_eq!(of(Class::QuotaExhausted { until: None }), limited);
    }
}
