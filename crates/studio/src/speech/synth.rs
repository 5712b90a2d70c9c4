//! A synthesiser of resonances: a voice and a hiss through filters that move from sound to sound.

use super::phones::{Manner, Phone, find};
use super::{Samples, Voice, lexicon, numbers, rules};
use crate::cancel::Work;
use crate::error::StudioError;
use crate::paint::Chance;

const RATE: u32 = 22_050;
/// Samples between two looks at where the filters should be: five milliseconds.
const STEP: usize = 110;

/// A sound in its place.
struct Spoken {
    phone: &'static Phone,
    seconds: f32,
    stress: f32,
    /// Where in its phrase, 0 to 1.
    along: f32,
    /// The phrase asks.
    asks: bool,
}

/// Speaks a text.
pub(super) fn speak(text: &str, voice: Voice, work: &Work) -> Result<Samples, StudioError> {
    let spoken = pronounce(text, voice.rate);
    let mut mouth = Mouth::new(voice);
    let mut samples = Vec::new();
    for at in 0..spoken.len() {
        work.check()?;
        mouth.say(&spoken, at, &mut samples);
    }
    Ok(Samples { rate: RATE, samples: level(&samples) })
}

fn level(samples: &[f32]) -> Vec<i16> {
    let peak = samples.iter().fold(1e-6f32, |peak, sample| peak.max(sample.abs()));
    samples.iter().map(|sample| (sample / peak * 0.86 * 32_767.0) as i16).collect()
}

/// The sounds of a text with their lengths.
fn pronounce(text: &str, rate: f32) -> Vec<Spoken> {
    let mut made: Vec<Spoken> = Vec::new();
    let mut phrase: Vec<(Vec<&'static str>, bool)> = Vec::new();
    let mut word = String::new();
    for letter in text.chars().chain(['.']) {
        if letter.is_alphanumeric() || letter == '\'' || letter == '’' {
            let changes = word
                .chars()
                .last()
                .is_some_and(|last| last.is_ascii_digit() != letter.is_ascii_digit());
            if changes {
                finish_word(&mut word, &mut phrase);
            }
            word.extend(letter.to_lowercase());
            continue;
        }
        finish_word(&mut word, &mut phrase);
        if let Some(sign) = numbers::sign(letter) {
            phrase.push((word_sounds(sign), true));
        }
        let pause = match letter {
            '.' | '!' | '?' | '\n' => 0.42,
            ',' | ';' | ':' | '—' | '–' | '(' | ')' => 0.2,
            _ => continue,
        };
        finish_phrase(&mut phrase, pause, letter == '?', rate, &mut made);
    }
    made
}

fn finish_word(word: &mut String, phrase: &mut Vec<(Vec<&'static str>, bool)>) {
    let said = std::mem::take(word);
    if said.is_empty() {
        return;
    }
    if said.bytes().all(|byte| byte.is_ascii_digit()) {
        phrase.extend(numbers::say(&said).into_iter().map(|word| (word_sounds(word), true)));
        return;
    }
    phrase.push((word_sounds(&said), !lexicon::is_light(&said)));
}

fn word_sounds(word: &str) -> Vec<&'static str> {
    let word = word.replace('’', "'");
    if let Some(said) = lexicon::find(&word) {
        return said;
    }
    let letters: String = word.chars().map(plain).collect();
    let silent = !letters.bytes().any(|letter| b"aeiouy".contains(&letter));
    if silent && letters.len() <= 5 {
        return letters.chars().flat_map(|letter| rules::spell(letter).split(' ')).collect();
    }
    rules::say(&letters)
}

/// A letter without its marks, as far as that is common.
fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

fn finish_phrase(
    phrase: &mut Vec<(Vec<&'static str>, bool)>,
    pause: f32,
    asks: bool,
    rate: f32,
    made: &mut Vec<Spoken>,
) {
    let words = std::mem::take(phrase);
    let total: usize = words.iter().map(|(sounds, _)| sounds.len()).sum();
    if total == 0 {
        return;
    }
    let mut at = 0;
    for (index, (sounds, heavy)) in words.iter().enumerate() {
        let mut fresh = *heavy;
        for (place, name) in sounds.iter().enumerate() {
            for phone in find(name) {
                let vowel = phone.manner == Manner::Vowel;
                let stressed = vowel && fresh && phone.name != "AX";
                fresh &= !stressed;
                let last = index + 1 == words.len() && place + 2 >= sounds.len();
                let mut seconds = phone.millis / 1_000.0;
                seconds *= if stressed {
                    1.12
                } else if vowel {
                    0.82
                } else {
                    0.94
                };
                seconds *= if last { 1.3 } else { 1.0 };
                let stress = if stressed { 1.0 } else { 0.0 };
                let along = at as f32 / total as f32;
                made.push(Spoken { phone, seconds: seconds / rate, stress, along, asks });
            }
            at += 1;
        }
    }
    for phone in find("_") {
        made.push(Spoken { phone, seconds: pause / rate, stress: 0.0, along: 1.0, asks });
    }
}

/// A resonance of second order.
#[derive(Clone, Copy, Default)]
struct Resonance {
    a: f32,
    b: f32,
    c: f32,
    one: f32,
    two: f32,
}

impl Resonance {
    fn tune(&mut self, frequency: f32, width: f32) {
        let step = std::f32::consts::PI / RATE as f32;
        let radius = (-step * width).exp();
        self.c = -radius * radius;
        self.b = 2.0 * radius * (2.0 * step * frequency).cos();
        self.a = 1.0 - self.b - self.c;
    }

    fn pass(&mut self, input: f32) -> f32 {
        let output = self.a * input + self.b * self.one + self.c * self.two;
        (self.two, self.one) = (self.one, output);
        output
    }
}

/// What speaks: its filters and where they are.
struct Mouth {
    voice: Voice,
    filters: [Resonance; 5],
    hiss: Resonance,
    formants: [f32; 3],
    loud: f32,
    noise: f32,
    hissing: (f32, f32),
    phase: f32,
    pitch: f32,
    chance: Chance,
    before: f32,
}

/// What the filters are to be at a moment.
struct Goal {
    formants: [f32; 3],
    voice: f32,
    noise: f32,
    hiss: (f32, f32),
    breath: f32,
}

impl Mouth {
    fn new(voice: Voice) -> Self {
        Self {
            voice,
            filters: [Resonance::default(); 5],
            hiss: Resonance::default(),
            formants: [500.0, 1500.0, 2500.0],
            loud: 0.0,
            noise: 0.0,
            hissing: (3000.0, 1000.0),
            phase: 0.0,
            pitch: voice.pitch,
            chance: Chance::new(11),
            before: 0.0,
        }
    }

    fn say(&mut self, spoken: &[Spoken], at: usize, out: &mut Vec<f32>) {
        let now = &spoken[at];
        let next = spoken.get(at + 1);
        let steps = ((now.seconds * RATE as f32) as usize / STEP).max(3);
        for step in 0..steps {
            let time = step as f32 / steps as f32;
            let goal = goal(now, next, time);
            let fall = 1.14 - 0.26 * now.along;
            let rise =
                if now.asks && now.along > 0.75 { 1.0 + 1.4 * (now.along - 0.75) } else { 1.0 };
            let bump = 1.0 + 0.12 * now.stress * (std::f32::consts::PI * time).sin();
            let pitch = self.voice.pitch * fall * rise * bump;
            self.pitch += (pitch - self.pitch) * 0.22;
            self.run(&goal, out);
        }
    }

    fn run(&mut self, goal: &Goal, out: &mut Vec<f32>) {
        // Filters glide; a burst does not.
        for (is, to) in self.formants.iter_mut().zip(goal.formants) {
            *is += (to - *is) * 0.34;
        }
        self.hissing = goal.hiss;
        let (loud, noise) = (self.loud, self.noise);
        let size = self.voice.size;
        let widths = [70.0, 95.0, 130.0, 250.0, 300.0];
        let above = [3_400.0, 4_300.0];
        for (at, filter) in self.filters.iter_mut().enumerate() {
            let frequency = if at < 3 { self.formants[at] } else { above[at - 3] };
            filter.tune((frequency * size).min(9_500.0), widths[at] * size);
        }
        self.hiss.tune((self.hissing.0 * size.sqrt()).min(9_500.0), self.hissing.1);
        for i in 0..STEP {
            let part = i as f32 / STEP as f32;
            let voice = loud + (goal.voice - loud) * part;
            let hiss = noise + (goal.noise - noise) * (part * 3.0).min(1.0);
            let random = self.chance.range(-1.0, 1.0);
            let breath = (self.voice.breath * 0.4 * voice + goal.breath) * random * 0.22;
            let mut sound = self.glottis() * voice * (1.0 - self.voice.breath).max(0.0) + breath;
            for filter in &mut self.filters {
                sound = filter.pass(sound);
            }
            let hissed = self.hiss.pass(random) * hiss * 0.34;
            let mixed = sound * 1.5 + hissed;
            // The lips let changes through better than steadiness.
            out.push(mixed - 0.88 * self.before);
            self.before = mixed;
        }
        (self.loud, self.noise) = (goal.voice, goal.noise);
    }

    /// The flow of air through the voice: opening slowly, closing at once.
    fn glottis(&mut self) -> f32 {
        let jitter = 1.0 + 0.012 * self.chance.range(-1.0, 1.0);
        self.phase = (self.phase + self.pitch * jitter / RATE as f32).fract();
        let open = 0.62;
        if self.phase < open {
            let t = self.phase / open;
            // The slope of t^2 - t^3.
            (2.0 * t - 3.0 * t * t) * 1.6
        } else {
            0.0
        }
    }
}

fn goal(now: &Spoken, next: Option<&Spoken>, time: f32) -> Goal {
    let phone = now.phone;
    let mix = |a: [f32; 3], b: [f32; 3], part: f32| [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * part);
    let mut formants = match phone.toward {
        Some(toward) => mix(phone.formants, toward, (time * 1.5 - 0.3).clamp(0.0, 1.0)),
        None => phone.formants,
    };
    if let Some(next) = next
        && next.phone.manner != Manner::Silence
    {
        // The mouth is on its way before a sound ends.
        formants = mix(formants, next.phone.formants, ((time - 0.7) / 0.3).clamp(0.0, 1.0) * 0.5);
    }
    let (amount, center, width) = phone.hiss;
    let hiss = (center, width);
    let after_voiced = next.is_some_and(|next| next.phone.voice > 0.3);
    match phone.manner {
        Manner::Silence => Goal { formants, voice: 0.0, noise: 0.0, hiss, breath: 0.0 },
        Manner::Stop if time < 0.55 => {
            // A closure; the voice goes on behind it where there is one.
            let voice = phone.voice * 0.35;
            Goal {
                formants: [200.0, formants[1], formants[2]],
                voice,
                noise: 0.0,
                hiss,
                breath: 0.0,
            }
        }
        Manner::Stop if time < 0.78 => {
            Goal { formants, voice: phone.voice * 0.4, noise: amount * 1.5, hiss, breath: 0.0 }
        }
        Manner::Stop => {
            let breath = if phone.voice < 0.1 && after_voiced { 0.8 } else { 0.0 };
            Goal { formants, voice: phone.voice, noise: amount * 0.12, hiss, breath }
        }
        Manner::Fricative if phone.name == "HH" => {
            let formants = next.map_or(formants, |next| next.phone.formants);
            Goal { formants, voice: 0.0, noise: 0.03, hiss, breath: 1.1 }
        }
        Manner::Vowel | Manner::Glide | Manner::Nasal | Manner::Fricative => {
            let swell = 0.86 + 0.14 * (std::f32::consts::PI * time).sin();
            let voice = phone.voice * swell * (1.0 + 0.18 * now.stress) * (1.0 - 0.25 * now.along);
            Goal { formants, voice, noise: amount * swell, hiss, breath: 0.0 }
        }
    }
}
