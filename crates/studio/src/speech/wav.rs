//! Sound as WAV: sixteen bits, one channel.

use super::Samples;

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut made = name.to_vec();
    made.extend((body.len() as u32).to_le_bytes());
    made.extend(body);
    if body.len() % 2 == 1 {
        made.push(0);
    }
    made
}

/// Writes samples with a comment on what made them.
pub(super) fn write(sound: &Samples, comment: &str) -> Vec<u8> {
    let mut format = Vec::new();
    format.extend(1u16.to_le_bytes());
    format.extend(1u16.to_le_bytes());
    format.extend(sound.rate.to_le_bytes());
    format.extend((sound.rate * 2).to_le_bytes());
    format.extend(2u16.to_le_bytes());
    format.extend(16u16.to_le_bytes());
    let data: Vec<u8> = sound.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let about = [b"INFO".as_slice(), &chunk(b"ICMT", comment.as_bytes())].concat();
    let body =
        [b"WAVE".to_vec(), chunk(b"fmt ", &format), chunk(b"LIST", &about), chunk(b"data", &data)]
            .concat();
    chunk(b"RIFF", &body)
}

/// Reads what a synthesiser wrote. Its lengths may be wrong, as it wrote to a pipe.
pub(super) fn read(bytes: &[u8]) -> Option<Samples> {
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut at, mut rate) = (12, 0);
    loop {
        let (name, size) = (bytes.get(at..at + 4)?, word(at + 4)? as usize);
        let body = at + 8;
        match name {
            b"fmt " => {
                let plain = bytes.get(body..body + 4)? == [1, 0, 1, 0];
                rate = word(body + 4).filter(|_| plain)?;
            }
            b"data" => {
                let end = body.saturating_add(size).min(bytes.len());
                let samples = bytes[body..end]
                    .chunks_exact(2)
                    .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
                    .collect();
                return (rate > 0).then_some(Samples { rate, samples });
            }
            _ => {}
        }
        at = body.checked_add(size)?.checked_add(size % 2)?;
    }
}
