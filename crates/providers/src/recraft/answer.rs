//! What Recraft answers.

use generation::{Class, Failure, Made, Stage};
use serde_json::Value;

use crate::failures::{
    by_status, code_at, lost, refused, said, speaks_of_refusal, text_at, unreadable,
};
use crate::http::Answer;
use crate::media;
use crate::pieces::{bytes, cost, counted, remote};

/// From here on a picture is one that was not to be made. The scale ends at 1.
const NSFW_SCORE_MIN: f64 = 0.8;

pub(super) fn images(count: u32, answer: &Answer) -> Result<Made, Failure> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    let value = answer.json().filter(Value::is_object).ok_or_else(unreadable)?;
    let single = value.get("image").cloned().map(|image| vec![image]);
    let listed = value.get("data").and_then(Value::as_array).cloned();
    let data = listed.or(single).ok_or_else(unreadable)?;
    let (withheld, shown): (Vec<&Value>, Vec<&Value>) = data.iter().partition(|one| is_nsfw(one));
    let found = shown.iter().filter_map(|one| match text_at(one, &["/b64_json"]) {
        Some(text) => media::decode(text).map(bytes),
        None => text_at(one, &["/url"]).map(remote),
    });
    let note = (!withheld.is_empty()).then(|| "a picture is withheld as unsafe".to_owned());
    let made = counted(found.collect(), count, note, || {
        if shown.is_empty() {
            let categories = if withheld.is_empty() { vec![] } else { vec!["nsfw".to_owned()] };
            refused(Stage::Output, categories, "the provider hands out no picture")
        } else {
            lost("the provider made pictures and does not hand them out")
        }
    })?;
    // Units of the account: a thousand are a dollar.
    Ok(Made { cost: cost(&value, "/credits", "units"), ..made })
}

fn is_nsfw(one: &Value) -> bool {
    let score = one.pointer("/features/nsfw_score").and_then(Value::as_f64);
    score.is_some_and(|score| score >= NSFW_SCORE_MIN)
}

/// Nobody has written down the fields of these: any text that is there is taken.
pub(super) fn refusal(answer: &Answer) -> Failure {
    let value = answer.json().unwrap_or_default();
    let places = ["/message", "/error/message", "/error", "/detail", "/code"];
    let message = text_at(&value, &places).unwrap_or_default();
    let code = code_at(&value, &["/code", "/error/code"]);
    let code = code.unwrap_or_else(|| answer.status.to_string());
    let lower = format!("{message} {code}").to_lowercase();
    if matches!(answer.status, 400 | 403 | 422) && speaks_of_refusal(&lower) {
        return refused(Stage::Input, Vec::new(), message).with_code(code);
    }
    let used_up = ["not enough", "insufficient", "balance", "out of credits"];
    let class = match answer.status {
        400 | 402 | 403 | 422 | 429 if used_up.iter().any(|words| lower.contains(words)) => {
            Class::QuotaExhausted { until: None }
        }
        400 | 404 | 422 if lower.contains("model") && is_gone(&lower) => Class::ModelRetired,
        _ => by_status(answer),
    };
    said(class, message).with_code(code)
}

fn is_gone(message: &str) -> bool {
    ["not found", "unknown model", "no longer", "deprecated", "retired", "does not exist"]
        .iter()
        .any(|words| message.contains(words))
}
