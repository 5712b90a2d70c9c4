//! What Gemini answers to `generateContent` and `predict`, and the models that it lists.

use generation::{Ability, Ask, Class, Failure, Made, Offered, Piece, Stage};
use serde_json::Value;

use super::{grounding, refusal};
use crate::failures::{broken, lost, of_probe, refused, text_at, unreadable};
use crate::http::Answer;
use crate::pieces::{cost, counted, decoded};
use crate::{media, wording};

/// Why a candidate may end that is no refusal: another try may end well.
const ACCIDENTS: &[&str] = &[
    "MALFORMED_RESPONSE",
    "MALFORMED_FUNCTION_CALL",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
];

/// Samples a second, where the media type of raw samples does not say.
const RATE: u32 = 24_000;

pub(super) fn generated(ask: &Ask, answer: &Answer) -> Result<Made, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    let value = answer.json().filter(Value::is_object).ok_or_else(unreadable)?;
    let known = ["candidates", "promptFeedback", "usageMetadata"];
    if known.iter().all(|field| value.get(field).is_none()) {
        return Err(unreadable());
    }
    let made = match ask {
        Ask::Image(_) => images(&value),
        Ask::Speech(_) => speech(&value),
        Ask::Research(_) => text(&value).and_then(|answer| {
            let read = wording::read(ask, &answer)?;
            let Piece::Text(answer) = read else { return Err(unreadable()) };
            let sources = grounding::sources(&value);
            Ok(Made::one(Piece::Research { answer, sources }))
        }),
        Ask::Chat(_) | Ask::Concept(_) | Ask::Summary(_) | Ask::Segmentation(_) | Ask::Video(_) => {
            text(&value).and_then(|text| wording::read(ask, &text)).map(Made::one)
        }
    };
    made.map(|made| Made { cost: cost(&value, "/usageMetadata/totalTokenCount", "tokens"), ..made })
}

fn text(value: &Value) -> Result<String, Failure> {
    let candidate = value.pointer("/candidates/0");
    let text: String = candidate
        .into_iter()
        .flat_map(parts)
        .filter_map(|part| part.get("text")?.as_str())
        .collect();
    match ended(candidate) {
        Ended::Well if text.trim().is_empty() => match blocked(value) {
            Some(refusal) => Err(refusal),
            None if candidate.is_none() => Err(nothing()),
            None => Err(broken(true, "the model answered nothing")),
        },
        Ended::Well => Ok(text),
        Ended::Short => {
            Err(broken(true, "the model's answer is cut short").with_code("MAX_TOKENS"))
        }
        Ended::Badly(failure) => Err(failure),
    }
}

fn images(value: &Value) -> Result<Made, Failure> {
    let (drawn, other): (Vec<_>, Vec<_>) =
        inline(value).partition(|(media_type, _)| media_type.starts_with("image/"));
    let (pieces, undecoded) = decoded(drawn.into_iter().map(|(_, data)| data));
    // Each request asks for one.
    counted(pieces, 1, None, || match undecoded {
        Some(undecoded) => undecoded,
        None if !other.is_empty() => lost("what the provider made is no picture"),
        None => empty(value),
    })
}

fn speech(value: &Value) -> Result<Made, Failure> {
    let mut raw = Vec::new();
    let mut rate = RATE;
    for (media_type, data) in inline(value) {
        let Some(bytes) = media::decode(data) else {
            return Err(lost("what the provider made cannot be decoded"));
        };
        let lower = media_type.to_ascii_lowercase();
        if !lower.starts_with("audio/l16") && !lower.starts_with("audio/pcm") {
            return Ok(Made::one(crate::pieces::bytes(bytes)));
        }
        let told = lower.split("rate=").nth(1).and_then(|rest| rest.split(';').next());
        rate = told.and_then(|told| told.trim().parse().ok()).unwrap_or(RATE);
        raw.extend(bytes);
    }
    if raw.is_empty() {
        return Err(empty(value));
    }
    let file = media::wav(&raw, rate).ok_or_else(|| lost("the voice is too long"))?;
    Ok(Made::one(crate::pieces::bytes(file)))
}

/// Media in all candidates. What a model thinks is not what it says.
fn inline(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let candidates = value.get("candidates").and_then(Value::as_array);
    candidates.into_iter().flatten().flat_map(parts).filter_map(|part| {
        let data = part.get("inlineData")?;
        Some((data.get("mimeType")?.as_str()?, data.get("data")?.as_str()?))
    })
}

fn parts(candidate: &Value) -> impl Iterator<Item = &Value> {
    let parts = candidate.pointer("/content/parts").and_then(Value::as_array);
    let thought = |part: &&Value| part.get("thought").and_then(Value::as_bool) == Some(true);
    parts.into_iter().flatten().filter(move |part| !thought(part))
}

enum Ended {
    Well,
    Short,
    Badly(Failure),
}

fn ended(candidate: Option<&Value>) -> Ended {
    let Some(candidate) = candidate else { return Ended::Well };
    let reason = text_at(candidate, &["/finishReason"]).unwrap_or("STOP");
    match reason {
        "STOP" | "FINISH_REASON_UNSPECIFIED" => Ended::Well,
        "MAX_TOKENS" => Ended::Short,
        accident if ACCIDENTS.contains(&accident) => {
            Ended::Badly(broken(true, "the model's answer is malformed").with_code(accident))
        }
        reason => {
            let told = text_at(candidate, &["/finishMessage"]);
            let told = told.unwrap_or("the provider does not hand out what came of it");
            let categories = categories(reason, candidate.get("safetyRatings"));
            Ended::Badly(refused(Stage::Output, categories, told).with_code(reason))
        }
    }
}

/// Why there is no media in an answer of success.
fn empty(value: &Value) -> Failure {
    if let Some(refusal) = blocked(value) {
        return refusal;
    }
    match ended(value.pointer("/candidates/0")) {
        Ended::Badly(failure) => failure,
        Ended::Short => broken(true, "the model's answer is cut short").with_code("MAX_TOKENS"),
        Ended::Well => match text(value) {
            Ok(words) => refused(Stage::Output, vec!["NO_MEDIA".to_owned()], &words),
            Err(_) => nothing(),
        },
    }
}

fn blocked(value: &Value) -> Option<Failure> {
    let reason = text_at(value, &["/promptFeedback/blockReason"])?;
    let told = text_at(value, &["/promptFeedback/blockReasonMessage"]);
    let told = told.unwrap_or("the provider refuses what is asked for");
    let categories = categories(reason, value.pointer("/promptFeedback/safetyRatings"));
    Some(refused(Stage::Input, categories, told).with_code(reason))
}

fn nothing() -> Failure {
    refused(Stage::Output, Vec::new(), "the provider answers with nothing")
}

/// The reason, and what was rated so badly that it was blocked.
fn categories(reason: &str, ratings: Option<&Value>) -> Vec<String> {
    let ratings = ratings.and_then(Value::as_array).into_iter().flatten();
    let blocked = ratings.filter(|rating| rating.get("blocked") == Some(&Value::Bool(true)));
    let named = blocked.filter_map(|rating| rating.get("category")?.as_str());
    let named = named.map(|name| name.trim_start_matches("HARM_CATEGORY_"));
    std::iter::once(reason).chain(named).map(str::to_owned).collect()
}

pub(super) fn predicted(count: u32, answer: &Answer) -> Result<Made, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    let value = answer.json().filter(Value::is_object).ok_or_else(unreadable)?;
    let predictions: Vec<&Value> =
        value.get("predictions").and_then(Value::as_array).into_iter().flatten().collect();
    let data = predictions.iter().filter_map(|one| one.get("bytesBase64Encoded")?.as_str());
    let (pieces, undecoded) = decoded(data);
    let reasons: Vec<String> = predictions
        .iter()
        .filter_map(|one| one.get("raiFilteredReason")?.as_str())
        .map(str::to_owned)
        .collect();
    let note = reasons.first().cloned();
    counted(pieces, count, note, || {
        let told = reasons.first().cloned();
        undecoded.unwrap_or_else(|| match told {
            Some(told) => refused(Stage::Output, vec!["RAI".to_owned()], &told),
            None => nothing(),
        })
    })
}

pub(super) fn offered(answer: &Answer) -> Result<Vec<Offered>, Failure> {
    if !answer.is_success() {
        return Err(of_probe(refusal::of(answer)));
    }
    let value = answer.json();
    let listed = value.as_ref().and_then(|value| value.get("models")?.as_array());
    let listed = listed.ok_or_else(|| Failure::new(Class::Transient, "the list cannot be read"))?;
    let models = listed.iter().filter_map(|model| {
        let name = model.get("name")?.as_str()?;
        let methods = model.get("supportedGenerationMethods").and_then(Value::as_array);
        let does =
            |method: &str| methods.into_iter().flatten().any(|one| one.as_str() == Some(method));
        // What `generateContent` makes of a model is not told.
        let abilities = if does("predictLongRunning") {
            Some(vec![Ability::Video])
        } else {
            does("predict").then(|| vec![Ability::Image])
        };
        let model = name.strip_prefix("models/").unwrap_or(name).to_owned();
        Some(Offered { model, shutdown: None, abilities })
    });
    Ok(models.collect())
}
