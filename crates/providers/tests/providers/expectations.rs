//! What must come of each scenario.

use crate::scenarios::{Flow, Kind};

/// The words of the mock.
pub(crate) const SCENARIOS: &[&str] = &[
    "ok",
    "slow:0.2",
    "hang",
    "refuse",
    "refuse-output",
    "text-only",
    "nsfw-black",
    "rate-limit:3",
    "rate-limit-bare",
    "rate-limit-day",
    "busy",
    "quota",
    "auth",
    "unavailable",
    "fail",
    "ambiguous",
    "cut",
    "truncate-answer",
    "garbage",
    "truncate",
    "wrong-length",
    "redirect",
    "download-redirect",
    "unknown-state",
    "backwards",
    "never-done",
    "no-output",
    "partial:3/4",
    "retired",
    "gone",
    "gone:410",
    "html",
    "wrong-magic",
    "huge:4",
    "array-error",
];

pub(crate) fn expected(flow: &Flow, word: &str) -> &'static str {
    exception(flow, word).unwrap_or_else(|| rule(flow, word))
}

/// What holds unless a vendor is different.
fn rule(flow: &Flow, word: &str) -> &'static str {
    match word {
        "hang" | "unavailable" | "ambiguous" | "cut" | "truncate-answer" | "garbage"
        | "array-error" => "ambiguous",
        "fail" if flow.job => "provider_failed for now",
        "fail" => "ambiguous",
        "refuse" | "refuse-output" => "content_refused",
        "rate-limit:3" | "rate-limit-bare" | "rate-limit-day" | "busy" => "rate_limited",
        "quota" => "quota_exhausted",
        "auth" => "auth_failed",
        "retired" => "model_retired",
        "redirect" => "provider_failed",
        "never-done" if flow.job => "running",
        "no-output" => "content_refused",
        "truncate" if flow.remote => "made, and then transient",
        "gone" | "gone:410" | "huge:4" if flow.remote => "made, and then output_lost",
        "partial:3/4" if matches!(flow.kind, Kind::Image | Kind::Edit) => "made 3 of 4",
        _ => "made",
    }
}

fn exception(flow: &Flow, word: &str) -> Option<&'static str> {
    let (vendor, _) = flow.name.split_once(' ').unwrap_or_default();
    let inline = !flow.job;
    let found = match (vendor, word) {
        // A search makes nothing, so that it may be made again.
        ("tavily", _) if !flow.job => return search(word),
        // These are overloaded, and nobody knows what they did before they said so.
        ("gemini" | "vertex" | "openai" | "localai", "busy") => "ambiguous",
        // The quota of a day or a month is no pause, whatever the answer says.
        ("gemini" | "vertex" | "elevenlabs", "rate-limit-day") => "quota_exhausted",
        // It speaks of the account, and an operator must see to it.
        ("elevenlabs", "refuse") => "auth_failed",
        // Where the output is the answer, half of it cannot be read.
        (_, "truncate") if inline => "ambiguous",
        // Half a sound is a sound; half an answer is none.
        (_, "wrong-length") if inline && !flow.name.ends_with("voice") => "ambiguous",
        ("gemini", "wrong-length") if inline => "ambiguous",
        _ => return by_kind(flow, vendor, word),
    };
    Some(found)
}

/// Where what is asked for matters.
fn by_kind(flow: &Flow, vendor: &str, word: &str) -> Option<&'static str> {
    let found = match (flow.kind, vendor, word) {
        // An empty text may be a better one next time, and so may one that is cut short.
        (
            Kind::Chat | Kind::Research,
            "gemini" | "openai" | "localai",
            "no-output" | "partial:3/4",
        ) => "provider_failed for now",
        // The mock withholds no sound.
        (Kind::Speech, "openai" | "elevenlabs", "refuse-output") => "made",
        (Kind::Speech, "openai" | "elevenlabs", "no-output" | "partial:3/4") => "ambiguous",
        (Kind::Speech, "openai" | "elevenlabs", "html" | "wrong-magic") => "ambiguous",
        (Kind::Image | Kind::Edit | Kind::Speech, "gemini", "text-only")
        | (Kind::Image | Kind::Edit, "openai" | "localai", "text-only")
        | (Kind::Film, "gemini", "text-only") => "content_refused",
        (Kind::Image | Kind::Edit, "recraft" | "fal", "nsfw-black") => "content_refused",
        (Kind::Image | Kind::Edit, "gemini", "html") => "output_lost",
        // Each request asks for one, and the mock makes one.
        (Kind::Image | Kind::Edit, "gemini", "partial:3/4") => "made",
        // Three quarters of one film are none.
        (Kind::Film, "gemini", "no-output" | "partial:3/4") => "output_lost",
        (Kind::Film, "openai", "no-output" | "partial:3/4") => "made, and then output_lost",
        (Kind::Film, "vertex" | "fal", "partial:3/4") => "content_refused",
        (Kind::Research, "tavily", "no-output") => "made",
        (Kind::Research, "tavily", "refuse-output") => "provider_failed for now",
        _ => return None,
    };
    Some(found)
}

fn search(word: &str) -> Option<&'static str> {
    let found = match word {
        "hang" | "unavailable" | "ambiguous" | "cut" | "truncate-answer" | "garbage" | "fail"
        | "array-error" | "truncate" | "wrong-length" => "provider_failed for now",
        "no-output" => "provider_failed",
        "refuse-output" => "made",
        _ => return None,
    };
    Some(found)
}
