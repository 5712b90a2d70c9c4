//! A video planned in segments: what is seen, what is said, how it moves.

use super::keywords::phrases;
use super::sentences::{capital, cut, sentences};
use crate::paint::Chance;
use crate::paint::chance::seed_of;
use crate::words::words;

/// One segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub label: String,
    pub visual: String,
    pub narration: String,
    pub animation: String,
    /// How long its narration takes.
    pub seconds: u32,
}

/// Segments of a plan that nobody has counted.
const SEGMENTS_USUAL: usize = 5;
const SEGMENTS_MAX: u32 = 200;
/// A calm speaker's words in a minute.
const WORDS_A_MINUTE: usize = 150;

const SHOTS: &[&str] = &[
    "Wide shot of",
    "Close-up of",
    "Medium shot of",
    "View from above of",
    "Silhouette of",
    "Detail of",
];
const LIGHTS: &[&str] = &[
    "in soft morning light",
    "at golden sunset",
    "in clear daylight",
    "at night under a bright moon",
    "in gentle fog",
    "after the rain",
];
const MOVES: &[&str] = &[
    "Slow zoom in",
    "Pan to the right",
    "Slow pull out to reveal",
    "Pan to the left",
    "Tilt up",
    "Static, with small movement in the scene",
];

/// Plans a video of `concept`, or of `prompt` where that says nothing.
pub fn plan(
    prompt: &str,
    concept: &str,
    art_style: Option<&str>,
    count: Option<u32>,
    seed: u64,
) -> Vec<Planned> {
    let mut chance = Chance::new(seed_of(&["segments", prompt, concept], seed));
    let text = if concept.trim().is_empty() { prompt } else { concept };
    let said = sentences(text);
    let count = count.map_or(said.len().clamp(3, SEGMENTS_USUAL + 3), |count| {
        count.clamp(1, SEGMENTS_MAX) as usize
    });
    let about = phrases(&format!("{prompt}. {concept}"), 12);
    let main = about.first().cloned().unwrap_or_else(|| cut(prompt.trim(), 60));
    let offset = chance.below(SHOTS.len());
    (0..count)
        .map(|at| {
            let narration = part(&said, at, count).unwrap_or_else(|| filler(&main, &about, at));
            let subject = phrases(&narration, 1).pop().unwrap_or_else(|| main.clone());
            let beside = if subject.contains(&main) || main.contains(&subject) {
                String::new()
            } else {
                format!(" with {main}")
            };
            let style = art_style.map(|style| format!(", {style} style")).unwrap_or_default();
            let light = chance.pick(LIGHTS);
            let spoken = words(&narration).len();
            Planned {
                label: format!("{}. {}", at + 1, cut(&capital(&subject), 60)),
                visual: format!(
                    "{} {subject}{beside}, {light}{style}",
                    SHOTS[(at + offset) % SHOTS.len()]
                ),
                narration,
                animation: format!("{} on {subject}", MOVES[(at + offset * 2) % MOVES.len()]),
                seconds: (spoken * 60).div_ceil(WORDS_A_MINUTE).clamp(2, 30) as u32,
            }
        })
        .collect()
}

/// What of the sentences belongs to a segment; `None` if there are too few.
fn part(said: &[&str], at: usize, count: usize) -> Option<String> {
    let (from, to) = (at * said.len() / count, (at + 1) * said.len() / count);
    let here = said.get(from..to).filter(|part| !part.is_empty())?;
    Some(cut(&here.join(" "), 3_800))
}

fn filler(main: &str, about: &[String], at: usize) -> String {
    let next = about.get((at + 1) % about.len().max(1)).map_or(main, String::as_str);
    match at % 4 {
        0 => format!("Look at {main} for a moment."),
        1 => format!("Here {next} comes into it."),
        2 => format!("And this is what {main} has to do with {next}."),
        _ => format!("Stay with {next} a little longer."),
    }
}
