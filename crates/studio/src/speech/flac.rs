//! Sound as FLAC: fixed predictors and Rice codes, which is all that speech needs.

use super::Samples;

const BLOCK: usize = 4_096;

/// Bits, the highest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: u64, count: u32) {
        for at in (0..count).rev() {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let bit = u8::from(value >> at & 1 == 1);
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (7 - self.used % 8);
            }
            self.used += 1;
        }
    }

    fn zeros(&mut self, count: u32) {
        for _ in 0..count {
            self.put(0, 1);
        }
    }

    fn pad(&mut self) {
        self.used = self.bytes.len() as u32 * 8;
    }
}

fn check(bytes: &[u8], polynomial: u32, width: u32) -> u32 {
    let top = 1 << (width - 1);
    bytes.iter().fold(0, |mut sum, byte| {
        sum ^= u32::from(*byte) << (width - 8);
        for _ in 0..8 {
            sum = if sum & top == 0 { sum << 1 } else { sum << 1 ^ polynomial };
        }
        sum & ((1 << width) - 1)
    })
}

/// Writes samples with a comment on what made them.
pub(super) fn write(sound: &Samples, comment: &str) -> Vec<u8> {
    let mut out = Bits::default();
    for byte in b"fLaC" {
        out.put(u64::from(*byte), 8);
    }
    out.put(0, 8);
    out.put(34, 24);
    out.put(BLOCK as u64, 16);
    out.put(BLOCK as u64, 16);
    // The sizes of frames and the sum of samples: not told.
    out.put(0, 48);
    out.put(u64::from(sound.rate), 20);
    out.put(0, 3);
    out.put(15, 5);
    out.put(sound.samples.len() as u64, 36);
    out.zeros(128);
    let vendor = b"studio";
    let comment = format!("COMMENT={comment}");
    let mut about = (vendor.len() as u32).to_le_bytes().to_vec();
    about.extend(vendor);
    about.extend(1u32.to_le_bytes());
    about.extend((comment.len() as u32).to_le_bytes());
    about.extend(comment.as_bytes());
    out.put(0x84, 8);
    out.put(about.len() as u64, 24);
    let mut bytes = out.bytes;
    bytes.extend(about);
    for (index, block) in sound.samples.chunks(BLOCK).enumerate() {
        bytes.extend(frame(index as u64, block));
    }
    bytes
}

fn frame(index: u64, block: &[i16]) -> Vec<u8> {
    let mut out = Bits::default();
    out.put(0b1111_1111_1111_1000, 16);
    // The size of the block in sixteen bits; the rate is in the header; one channel of sixteen bits.
    out.put(0b0111_0000, 8);
    out.put(0b0000_1000, 8);
    number(&mut out, index);
    out.put(block.len() as u64 - 1, 16);
    let sum = check(&out.bytes, 0x07, 8);
    out.put(u64::from(sum), 8);
    let (order, residual) = (0..=4)
        .filter(|order| *order < block.len())
        .map(|order| (order, predict(block, order)))
        .min_by_key(|(_, residual)| {
            residual.iter().map(|part| u64::from(part.unsigned_abs())).sum::<u64>()
        })
        .unwrap_or((0, predict(block, 0)));
    out.put(0b0000_1000 | order as u64, 7);
    out.put(0, 1);
    for sample in &block[..order] {
        out.put(u64::from(*sample as u16), 16);
    }
    rice(&mut out, &residual);
    out.pad();
    let sum = check(&out.bytes, 0x8005, 16);
    out.put(u64::from(sum), 16);
    out.bytes
}

/// What is left of samples after a polynomial through those before.
fn predict(block: &[i16], order: usize) -> Vec<i32> {
    let mut parts: Vec<i32> = block.iter().map(|sample| i32::from(*sample)).collect();
    for _ in 0..order {
        parts = parts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    }
    parts
}

fn rice(out: &mut Bits, residual: &[i32]) {
    let folded: Vec<u64> = residual
        .iter()
        .map(
            |part| {
                if *part < 0 { u64::from(part.unsigned_abs()) * 2 - 1 } else { *part as u64 * 2 }
            },
        )
        .collect();
    let cost = |k: u32| folded.iter().map(|part| (part >> k) + 1 + u64::from(k)).sum::<u64>();
    let k = (0..=14).min_by_key(|k| cost(*k)).unwrap_or(14);
    // Parameters of four bits, one partition.
    out.put(0, 6);
    out.put(u64::from(k), 4);
    for part in folded {
        out.zeros((part >> k) as u32);
        out.put(1, 1);
        out.put(part & ((1 << k) - 1), k);
    }
}

/// A number as UTF-8 codes characters.
fn number(out: &mut Bits, value: u64) {
    if value < 0x80 {
        return out.put(value, 8);
    }
    let more = (1..6).find(|more| value < 1 << (6 + 5 * more)).unwrap_or(6);
    let lead = (0xff00 >> (more + 1)) & 0xff;
    out.put(lead | value >> (6 * more), 8);
    for at in (0..more).rev() {
        out.put(0x80 | (value >> (6 * at) & 0x3f), 8);
    }
}
