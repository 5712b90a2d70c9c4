//! JPEG: one shade of grey, two bits a block.

/// A picture of one shade.
pub(super) fn plain(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let side = |length: u32| u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    let mut jpeg = vec![0xff, 0xd8];
    jpeg.extend([0xff, 0xe0, 0, 16]);
    jpeg.extend(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    jpeg.extend([0xff, 0xdb, 0, 67, 0]);
    // Steps of eight, so that a block's coefficient is its mean.
    jpeg.extend([8; 64]);
    // Baseline, eight bits, one component without subsampling.
    jpeg.extend([0xff, 0xc0, 0, 11, 8]);
    jpeg.extend(side(height));
    jpeg.extend(side(width));
    jpeg.extend([1, 1, 0x11, 0]);
    // Differences of no bits and of seven: the codes 0 and 10.
    jpeg.extend([0xff, 0xc4, 0, 21, 0x00, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
    // All else is the end of the block: the code 0.
    jpeg.extend([0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    jpeg.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
    jpeg.extend(scan(width.div_ceil(8) * height.div_ceil(8), shade));
    jpeg.extend([0xff, 0xd9]);
    jpeg
}

fn scan(blocks: u32, shade: u8) -> Vec<u8> {
    // The first block's mean, as its difference to mid-grey; kept in the seven bits of its code.
    let difference = i32::from(shade) - 128;
    let size = difference.unsigned_abs().clamp(64, 127);
    let code = if difference < 0 { 127 - size } else { size };
    let mut bits: Vec<bool> = vec![true, false];
    bits.extend((0..7).rev().map(|bit| (code >> bit) & 1 == 1));
    // The end of the first block; then no difference and the end, for each other one.
    bits.push(false);
    let rest = usize::try_from(blocks.saturating_sub(1)).unwrap_or(0) * 2;
    bits.resize(bits.len() + rest, false);
    bits.resize(bits.len().next_multiple_of(8), true);
    let mut bytes = Vec::with_capacity(bits.len() / 8 + 1);
    for byte in bits.chunks(8) {
        let byte = byte.iter().fold(0, |byte, bit| (byte << 1) | u8::from(*bit));
        bytes.push(byte);
        if byte == 0xff {
            bytes.push(0);
        }
    }
    bytes
}
