//! What language models answer, read and checked: a shape that was asked for is not a shape that
//! was kept.

use generation::{Ask, Concept, Failure, Piece, Segment, SegmentationAsk};
use serde_json::Value;

use crate::failures::broken;

/// The lengths that outputs of a library may have: what is longer could not be kept.
const NAME_CHARS_MAX: usize = 200;
const SHORT_CHARS_MAX: usize = 4_000;
const LONG_CHARS_MAX: usize = 100_000;

/// The most segments that a plan may have.
pub(super) const SEGMENTS_MAX: usize = 200;

/// The piece that a text is. What is wrong with it may be right at another try.
pub(crate) fn read(ask: &Ask, text: &str) -> Result<Piece, Failure> {
    match ask {
        Ask::Concept(_) => concept(text),
        Ask::Segmentation(ask) => segments(ask, text),
        Ask::Chat(_)
        | Ask::Summary(_)
        | Ask::Research(_)
        | Ask::Image(_)
        | Ask::Video(_)
        | Ask::Speech(_) => prose("the answer", text, LONG_CHARS_MAX).map(Piece::Text),
    }
}

fn concept(text: &str) -> Result<Piece, Failure> {
    let object = object(text)?;
    Ok(Piece::Concept(Concept {
        title: name(&object, "title")?,
        concept: field(&object, "concept", LONG_CHARS_MAX)?,
        tone: field(&object, "tone", SHORT_CHARS_MAX)?,
        goal: field(&object, "goal", SHORT_CHARS_MAX)?,
    }))
}

fn segments(ask: &SegmentationAsk, text: &str) -> Result<Piece, Failure> {
    let object = object(text)?;
    let listed = object.get("segments").and_then(Value::as_array);
    let listed = listed.ok_or_else(|| wrong("segments is missing"))?;
    let expected = ask.segments.and_then(|count| usize::try_from(count).ok());
    if expected.is_some_and(|count| count != listed.len()) {
        let (asked, found) = (ask.segments.unwrap_or_default(), listed.len());
        return Err(wrong(&format!("{found} segments, and {asked} were asked for")));
    }
    if listed.is_empty() || listed.len() > SEGMENTS_MAX {
        return Err(wrong(&format!("{} segments", listed.len())));
    }
    let segments = listed.iter().map(|segment| {
        Ok(Segment {
            label: name(segment, "label")?,
            visual: field(segment, "visual", SHORT_CHARS_MAX)?,
            narration: field(segment, "narration", SHORT_CHARS_MAX)?,
            animation: field(segment, "animation", SHORT_CHARS_MAX)?,
        })
    });
    segments.collect::<Result<_, _>>().map(Piece::Segments)
}

/// The object in a text: some models put a fence or a sentence around it.
fn object(text: &str) -> Result<Value, Failure> {
    let within = text.find('{').and_then(|from| text.get(from..=text.rfind('}')?));
    let value = within.and_then(|text| serde_json::from_str::<Value>(text).ok());
    value.ok_or_else(|| wrong("it is no JSON"))
}

fn name(object: &Value, of: &str) -> Result<String, Failure> {
    let text = field(object, of, usize::MAX)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    prose(of, &text, NAME_CHARS_MAX)
}

fn field(object: &Value, of: &str, max: usize) -> Result<String, Failure> {
    let text = object.get(of).and_then(Value::as_str);
    prose(of, text.ok_or_else(|| wrong(&format!("{of} is missing")))?, max)
}

// Control characters say nothing and cannot be stored.
fn prose(of: &str, text: &str, max: usize) -> Result<String, Failure> {
    let text: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(&format!("{of} is empty")));
    }
    if text.len() > max && text.chars().count() > max {
        return Err(wrong(&format!("{of} is longer than {max} characters")));
    }
    Ok(text.to_owned())
}

fn wrong(what: &str) -> Failure {
    broken(true, &format!("the model's answer is not what was asked for: {what}"))
        .with_code("answer_invalid")
}
