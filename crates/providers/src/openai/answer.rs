//! What a server that speaks like OpenAI answers with texts, pictures, voices and its models.

use std::collections::BTreeSet;

use generation::{Ability, Ask, Class, Failure, Made, MadeFile, Offered, Piece, Source, Stage};
use serde_json::Value;

use super::refusal;
use crate::failures::{broken, lost, of_probe, refused, text_at, unreadable};
use crate::http::Answer;
use crate::pieces::{bytes, cost, counted, remote};
use crate::{media, sources, wording};

pub(super) fn chat(ask: &Ask, answer: &Answer) -> Result<Made, Failure> {
    let value = success(answer)?;
    let choice = value.pointer("/choices/0").ok_or_else(unreadable)?;
    if let Some(refusal) = text_at(choice, &["/message/refusal"]) {
        return Err(refused(Stage::Output, Vec::new(), refusal).with_code("refusal"));
    }
    let text = text_at(choice, &["/message/content"]).unwrap_or_default();
    match text_at(choice, &["/finish_reason"]) {
        Some("content_filter") => {
            let told = "the provider does not hand out what came of it";
            return Err(refused(Stage::Output, Vec::new(), told).with_code("content_filter"));
        }
        Some("length") => {
            return Err(broken(true, "the model's answer is cut short").with_code("length"));
        }
        _ => {}
    }
    let read = wording::read(ask, text)?;
    let piece = match (ask, read) {
        (Ask::Research(_), Piece::Text(answer)) => {
            Piece::Research { answer, sources: cited(choice) }
        }
        (_, piece) => piece,
    };
    Ok(Made { cost: cost(&value, "/usage/total_tokens", "tokens"), ..Made::one(piece) })
}

fn cited(choice: &Value) -> Vec<Source> {
    let notes = choice.pointer("/message/annotations").and_then(Value::as_array);
    let found = notes.into_iter().flatten().filter_map(|note| {
        let cited = note.get("url_citation")?;
        let url = text_at(cited, &["/url"])?.to_owned();
        Some(Source { url, title: text_at(cited, &["/title"]).map(str::to_owned), excerpt: None })
    });
    sources::distinct(found)
}

pub(super) fn images(count: u32, answer: &Answer) -> Result<Made, Failure> {
    let value = success(answer)?;
    let data = value.get("data").and_then(Value::as_array).ok_or_else(unreadable)?;
    let found = data.iter().filter_map(|one| match text_at(one, &["/b64_json"]) {
        Some(text) => media::decode(text).map(bytes),
        None => text_at(one, &["/url"]).map(remote),
    });
    let made = counted(found.collect(), count, None, || {
        if data.is_empty() {
            // Some refuse by handing out nothing, and call it a success.
            refused(Stage::Output, Vec::new(), "the provider answers with no picture")
        } else {
            lost("the provider made pictures and does not hand them out")
        }
    })?;
    Ok(Made { cost: cost(&value, "/usage/total_tokens", "tokens"), ..made })
}

/// The body is the sound itself, or what a proxy had to say.
pub(super) fn speech(answer: &Answer) -> Result<Made, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    if !media::is_sound(&answer.body) {
        return Err(unreadable());
    }
    Ok(Made::one(Piece::File(MadeFile::Bytes(answer.body.clone()))))
}

pub(super) fn offered(answer: &Answer) -> Result<Vec<Offered>, Failure> {
    if !answer.is_success() {
        return Err(of_probe(refusal::of(answer)));
    }
    let value = answer.json();
    let listed = value.as_ref().and_then(|value| value.get("data")?.as_array());
    let listed = listed.ok_or_else(|| Failure::new(Class::Transient, "the list cannot be read"))?;
    let models = listed.iter().filter_map(|model| {
        let shutdown = text_at(model, &["/shutdown_date"]).map(str::to_owned);
        let model = text_at(model, &["/id"])?.to_owned();
        Some(Offered { model, shutdown, abilities: None })
    });
    Ok(models.collect())
}

/// The same with what each can do, where the server tells, as LocalAI does. What it says in words
/// that nobody knows says nothing.
pub(super) fn able(mut models: Vec<Offered>, answer: &Answer) -> Vec<Offered> {
    let value = answer.json().filter(|_| answer.is_success()).unwrap_or_default();
    let told = value.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
    for model in &mut models {
        let is = |one: &&Value| text_at(one, &["/id"]) == Some(&model.model);
        let words = told.iter().find(is).and_then(|one| one.get("capabilities")?.as_array());
        let words = words.into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase);
        let can: BTreeSet<Ability> = words.flat_map(|word| abilities(&word)).copied().collect();
        model.abilities = (!can.is_empty()).then(|| can.into_iter().collect());
    }
    models
}

/// What a word means, and what nobody can rule out by it.
fn abilities(word: &str) -> &'static [Ability] {
    match word {
        "chat" | "completion" => &[Ability::Text, Ability::Research],
        "image" => &[Ability::Image, Ability::Edit],
        "video" => &[Ability::Video],
        "tts" | "speech" => &[Ability::Speech],
        _ => &[],
    }
}

/// The object of an answer of success.
fn success(answer: &Answer) -> Result<Value, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    answer.json().filter(Value::is_object).ok_or_else(unreadable)
}
