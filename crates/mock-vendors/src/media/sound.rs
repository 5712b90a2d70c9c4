//! Sounds: tones that last about as long as the text would be spoken, and silence as MP3.

use std::f32::consts::TAU;

use super::{Media, spoilt};
use crate::plan::Plan;

const OPUS: &[u8] = include_bytes!("tone.ogg");
const AAC: &[u8] = include_bytes!("tone.aac");
const FLAC: &[u8] = include_bytes!("tone.flac");

/// Characters that are spoken in a second.
const PACE: usize = 15;
/// No text is spoken longer: tests do not listen.
const SECONDS_MAX: usize = 30;

/// A text to be spoken.
#[derive(Debug, Clone)]
pub(crate) struct Sound<'t> {
    pub(crate) text: &'t str,
    pub(crate) format: Format,
}

/// Opus, AAC and FLAC are kept files of a second, whatever the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Mp3 {
        rate: u32,
        kbits: u32,
    },
    Wav {
        rate: u32,
    },
    /// Sixteen bits, little-endian, without a header.
    Pcm {
        rate: u32,
    },
    /// Eight bits of telephony, silent.
    Ulaw,
    Alaw,
    Opus,
    Aac,
    Flac,
}

impl Sound<'_> {
    pub(crate) fn seconds(&self) -> f64 {
        let tenths = self.text.chars().count() * 10 / PACE;
        tenths.clamp(5, SECONDS_MAX * 10) as f64 / 10.0
    }

    pub(crate) fn play(&self, plan: &Plan) -> Media {
        let media = match self.format {
            Format::Mp3 { rate, kbits } => Media::new("audio/mpeg", self.mp3(rate, kbits)),
            Format::Wav { rate } => Media::new("audio/wav", self.wav(rate)),
            Format::Pcm { rate } => Media::new("audio/pcm", self.tone(rate)),
            Format::Ulaw => Media::new("audio/basic", vec![0xff; self.samples(8000)]),
            Format::Alaw => Media::new("audio/x-alaw-basic", vec![0xd5; self.samples(8000)]),
            Format::Opus => Media::new("audio/ogg", OPUS.to_vec()),
            Format::Aac => Media::new("audio/aac", AAC.to_vec()),
            Format::Flac => Media::new("audio/flac", FLAC.to_vec()),
        };
        spoilt(media, plan)
    }

    fn samples(&self, rate: u32) -> usize {
        (self.seconds() * f64::from(rate)) as usize
    }

    fn tone(&self, rate: u32) -> Vec<u8> {
        let step = TAU * 330.0 / rate as f32;
        let samples = (0..self.samples(rate)).map(|at| ((at as f32 * step).sin() * 8000.0) as i16);
        samples.flat_map(i16::to_le_bytes).collect()
    }

    fn wav(&self, rate: u32) -> Vec<u8> {
        let data = self.tone(rate);
        let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
        let mut wav = b"RIFF".to_vec();
        wav.extend((length + 36).to_le_bytes());
        wav.extend(b"WAVEfmt ");
        wav.extend(16_u32.to_le_bytes());
        // PCM, mono, sixteen bits.
        wav.extend([1, 0, 1, 0]);
        wav.extend(rate.to_le_bytes());
        wav.extend((rate * 2).to_le_bytes());
        wav.extend([2, 0, 16, 0]);
        wav.extend(b"data");
        wav.extend(length.to_le_bytes());
        wav.extend(data);
        wav
    }

    // Frames whose side information is zero: nothing is coded, which is silence.
    fn mp3(&self, rate: u32, kbits: u32) -> Vec<u8> {
        const MPEG1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const MPEG2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let first = rate >= 32_000;
        let table = if first { MPEG1 } else { MPEG2 };
        let index = table.iter().position(|known| *known == kbits).unwrap_or(4);
        let index = u8::try_from(index).unwrap_or(4) << 4;
        let (rates, per_frame) = match rate {
            44_100 | 22_050 => (0_u8, if first { 1152 } else { 576 }),
            48_000 | 24_000 => (1, if first { 1152 } else { 576 }),
            _ => (2, if first { 1152 } else { 576 }),
        };
        let size = per_frame / 8 * kbits * 1000 / rate;
        let mut frame = vec![0; usize::try_from(size).unwrap_or(417)];
        // MPEG version, layer III, no checksum; mono.
        let head = [0xff, if first { 0xfb } else { 0xf3 }, index | (rates << 2), 0xc4];
        frame.splice(0..4, head);
        let count = (self.seconds() * f64::from(rate) / f64::from(per_frame)).ceil() as usize;
        frame.repeat(count)
    }
}
