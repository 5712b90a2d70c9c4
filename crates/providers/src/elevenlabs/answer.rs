//! What ElevenLabs answers: the sound itself, or a detail in one of two shapes under one name.

use generation::{Ability, Class, Failure, Made, Offered, Stage};
use serde_json::Value;

use crate::failures::{
    by_status, code_at, of_probe, refused, said, speaks_of_refusal, text_at, unreadable,
};
use crate::http::Answer;
use crate::pieces::{bytes, cost_in_head};
use crate::{media, pause};

pub(super) fn speech(answer: &Answer, note: Option<String>) -> Result<Made, Failure> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    if !media::is_sound(&answer.body) {
        return Err(unreadable());
    }
    let cost = cost_in_head(&answer.headers, "character-cost", "characters");
    Ok(Made { note, cost, ..Made::one(bytes(answer.body.clone())) })
}

pub(super) fn refusal(answer: &Answer) -> Failure {
    let value = answer.json().unwrap_or_default();
    let places = ["/detail/message", "/detail/0/msg", "/detail", "/message"];
    let message = text_at(&value, &places).unwrap_or_default();
    let codes = ["/detail/status", "/detail/code", "/detail/0/type", "/detail/type"];
    let code = code_at(&value, &codes).unwrap_or_else(|| answer.status.to_string());
    // The vocabulary is renewed now and then: parts of words last longer.
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    let class = match answer.status {
        500.. => by_status(answer),
        // Of an account as of a key: this code comes with 401.
        _ if has(&["quota", "insufficient_credits"]) => Class::QuotaExhausted { until: None },
        _ if has(&["concurrent", "system_busy", "rate_limit", "too_many"]) => {
            Class::RateLimited { retry_after: pause::told(answer) }
        }
        // An account that is shut out, not a text.
        _ if has(&["unusual_activity", "api_key", "missing_permissions"]) => Class::AuthFailed,
        400 | 401 | 403 | 422 if speaks_of_refusal(&code) || speaks_of_refusal(message) => {
            return refused(Stage::Input, Vec::new(), message).with_code(code);
        }
        _ if has(&["character_limit", "voice"]) => Class::InvalidArgument,
        400 | 404 if has(&["model"]) => Class::ModelRetired,
        _ => by_status(answer),
    };
    said(class, message).with_code(code)
}

pub(super) fn offered(answer: &Answer) -> Result<Vec<Offered>, Failure> {
    if !answer.is_success() {
        return Err(of_probe(refusal(answer)));
    }
    let value = answer.json();
    let listed = value.as_ref().and_then(Value::as_array);
    let listed = listed.ok_or_else(|| Failure::new(Class::Transient, "the list cannot be read"))?;
    let models = listed.iter().filter_map(|model| {
        let speaks = model.get("can_do_text_to_speech").and_then(Value::as_bool);
        let abilities = speaks.map(|speaks| if speaks { vec![Ability::Speech] } else { vec![] });
        let model = text_at(model, &["/model_id"])?.to_owned();
        Some(Offered { model, shutdown: None, abilities })
    });
    Ok(models.collect())
}
