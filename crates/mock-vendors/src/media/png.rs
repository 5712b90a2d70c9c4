//! PNG: four colours in bands, two bits a pixel.

use std::io::{self, Write};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// A picture in colours that follow `seed`, or in black.
pub(super) fn bands(width: u32, height: u32, seed: Option<u64>) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::new();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    // Two bits a pixel, by a palette, not interlaced.
    head.extend([2, 3, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &head);
    let palette: Vec<u8> = match seed {
        None => vec![0; 12],
        Some(seed) => {
            let bytes = seed.to_be_bytes().into_iter().cycle();
            bytes.take(12).map(|byte| 40 + byte % 200).collect()
        }
    };
    chunk(&mut png, b"PLTE", &palette);
    // A Vec takes whatever is written.
    let data = pixels(width, height).unwrap_or_default();
    chunk(&mut png, b"IDAT", &data);
    chunk(&mut png, b"IEND", &[]);
    png
}

fn pixels(width: u32, height: u32) -> io::Result<Vec<u8>> {
    let stride = usize::try_from(width.div_ceil(4)).unwrap_or(0);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    for y in 0..height {
        // No filter; then bands down the picture, crossed by narrow ones.
        let band = u8::try_from(y * 4 / height.max(1)).unwrap_or(0);
        let mut row = vec![band * 0b0101_0101; stride + 1];
        for (x, byte) in row.iter_mut().enumerate() {
            if x % 8 == 0 {
                *byte ^= 0b1010_1010;
            }
        }
        if let Some(filter) = row.first_mut() {
            *filter = 0;
        }
        encoder.write_all(&row)?;
    }
    encoder.finish()
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    png.extend(length.to_be_bytes());
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    png.extend(kind);
    png.extend(data);
    png.extend(crc.sum().to_be_bytes());
}
