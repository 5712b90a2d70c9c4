//! Speech: a text to sound. By a synthesiser of the machine if there is one, else by one of our
//! own, which is plain but understandable.

mod external;
mod flac;
#[rustfmt::skip]
mod lexicon;
mod numbers;
mod phones;
#[rustfmt::skip]
mod rules;
mod synth;
mod wav;

use crate::cancel::Work;
use crate::error::StudioError;

/// How a sound is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoundFormat {
    Wav,
    /// Compressed without loss.
    Flac,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// What the machine has, else our own.
    Any,
    /// Our own alone: the same bytes on every machine of a type.
    BuiltIn,
}

/// What is to be spoken.
#[derive(Debug, Clone)]
pub struct SpeechOrder {
    pub text: String,
    pub voice: Option<String>,
    pub language: Option<String>,
    /// In hundredths of the usual speed.
    pub speed: u16,
    pub format: SoundFormat,
    pub engine: Engine,
}

/// A sound and what it turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    pub bytes: Vec<u8>,
    pub millis: u32,
    /// Who spoke: `espeak-ng`, `flite` or `builtin`.
    pub engine: &'static str,
    pub rate: u32,
}

/// Samples of one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Samples {
    pub(crate) rate: u32,
    pub(crate) samples: Vec<i16>,
}

/// A voice: how high it is, how fast, and how long its throat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Voice {
    pub(crate) pitch: f32,
    pub(crate) rate: f32,
    /// Multiplies the resonances: more is a smaller head.
    pub(crate) size: f32,
    pub(crate) breath: f32,
}

/// The voices by their names.
pub const VOICES: [&str; 6] = ["alto", "baritone", "bass", "soprano", "child", "whisper"];

/// Characters that are spoken at once: about ten minutes.
pub const TEXT_MAX: usize = 10_000;

impl Voice {
    /// The voice of a name. An unknown name is a voice of its own, the same each time.
    fn named(name: Option<&str>) -> Self {
        let voice = |pitch, rate, size, breath| Self { pitch, rate, size, breath };
        match name.unwrap_or("baritone") {
            "alto" => voice(178.0, 1.0, 1.12, 0.1),
            "baritone" => voice(112.0, 1.0, 1.0, 0.05),
            "bass" => voice(84.0, 0.94, 0.93, 0.05),
            "soprano" => voice(215.0, 1.04, 1.17, 0.12),
            "child" => voice(270.0, 1.06, 1.27, 0.08),
            "whisper" => voice(120.0, 0.92, 1.05, 1.0),
            other => {
                let mut chance =
                    crate::paint::Chance::new(crate::paint::chance::seed_of(&["voice", other], 0));
                let pitch = chance.range(90.0, 220.0);
                voice(pitch, chance.range(0.94, 1.08), 0.93 + (pitch - 90.0) / 500.0, 0.07)
            }
        }
    }
}

/// Speaks a text.
pub fn make(order: &SpeechOrder, work: &Work) -> Result<Sound, StudioError> {
    if !order.text.chars().any(char::is_alphanumeric) {
        return Err(StudioError::Empty { what: "text" });
    }
    if order.text.chars().count() > TEXT_MAX {
        return Err(StudioError::TooLarge { what: "text in characters", max: TEXT_MAX as u64 });
    }
    let mut voice = Voice::named(order.voice.as_deref());
    voice.rate *= f32::from(order.speed.clamp(25, 400)) / 100.0;
    let outside = match order.engine {
        Engine::Any => external::speak(order, voice, work)?,
        Engine::BuiltIn => None,
    };
    let (engine, samples) = match outside {
        Some(made) => made,
        None => ("builtin", synth::speak(&order.text, voice, work)?),
    };
    let millis = (samples.samples.len() as u64 * 1_000 / u64::from(samples.rate.max(1))) as u32;
    let about =
        format!("provider=studio engine={engine} version={}", crate::paint::chance::VERSION);
    let bytes = match order.format {
        SoundFormat::Wav => wav::write(&samples, &about),
        SoundFormat::Flac => flac::write(&samples, &about),
    };
    Ok(Sound { bytes, millis, engine, rate: samples.rate })
}
