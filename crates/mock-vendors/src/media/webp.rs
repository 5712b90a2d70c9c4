//! WebP, lossless: one colour, for which not a single bit a pixel is needed.

/// A picture of one colour, or in black.
pub(super) fn plain(width: u32, height: u32, rgb: [u8; 3], black: bool) -> Vec<u8> {
    let [red, green, blue] = if black { [0; 3] } else { rgb };
    let mut bits = Bits::default();
    bits.push(0x2f, 8);
    bits.push(width - 1, 14);
    bits.push(height - 1, 14);
    // No alpha, version 0, no transform, no colour cache, no meta codes.
    bits.push(0, 1 + 3 + 1 + 1 + 1);
    // Five codes of one symbol each: green, red, blue, alpha, distance.
    for symbol in [green, red, blue, 255, 0] {
        bits.push(0b101, 3);
        bits.push(u32::from(symbol), 8);
    }
    let mut data = bits.bytes;
    if data.len() % 2 == 1 {
        data.push(0);
    }
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(0).to_le_bytes();
    let mut webp = b"RIFF".to_vec();
    webp.extend(length(data.len() + 12));
    webp.extend(b"WEBPVP8L");
    webp.extend(length(data.len()));
    webp.extend(data);
    webp
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    // The lowest bit first.
    fn push(&mut self, value: u32, count: usize) {
        for index in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::try_from((value >> index) & 1).unwrap_or(0) << (self.used % 8);
            }
            self.used += 1;
        }
    }
}
