//! Bytes in texts and around sounds: base64, data addresses, and what begins like a sound.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use generation::Picture;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const FOR_URLS: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

pub(crate) fn encode(bytes: &[u8]) -> String {
    PLAIN.encode(bytes)
}

/// The bytes of a base64 text of either alphabet. `None` if it is none, or of nothing.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = PLAIN.decode(text).or_else(|_| FOR_URLS.decode(text)).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}

/// The picture as an address that has it in itself.
pub(crate) fn as_data_url(picture: &Picture) -> String {
    format!("data:{};base64,{}", picture.media_type, encode(&picture.bytes))
}

/// The bytes in an address that has them in itself.
pub(crate) fn data_url(url: &str) -> Option<Vec<u8>> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    head.ends_with(";base64").then(|| decode(data)).flatten()
}

/// Whether bytes begin as a file of sound does: what a proxy says of an error does not.
pub(crate) fn is_sound(bytes: &[u8]) -> bool {
    let wav = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE");
    let mpeg = matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0);
    wav || mpeg || [&b"ID3"[..], b"fLaC", b"OggS"].iter().any(|magic| bytes.starts_with(magic))
}

/// Samples of 16 bits and one channel with the head of a WAV file before them.
pub(crate) fn wav(samples: &[u8], rate: u32) -> Option<Vec<u8>> {
    const HEAD: u32 = 44;
    let length = u32::try_from(samples.len()).ok()?;
    let mut bytes = Vec::with_capacity(samples.len() + 44);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&length.checked_add(HEAD - 8)?.to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    // Plain samples, one channel.
    bytes.extend_from_slice(&1_u16.to_le_bytes());
    bytes.extend_from_slice(&1_u16.to_le_bytes());
    bytes.extend_from_slice(&rate.to_le_bytes());
    bytes.extend_from_slice(&rate.checked_mul(2)?.to_le_bytes());
    bytes.extend_from_slice(&2_u16.to_le_bytes());
    bytes.extend_from_slice(&16_u16.to_le_bytes());
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(samples);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_from_either_alphabet_and_from_addresses() {
        assert_eq!(decode("-_8="), decode("+/8"));
        assert_eq!((decode("%"), decode("")), (None, None));
        assert_eq!(data_url("data:image/png;base64,aGk="), Some(b"hi".to_vec()));
        assert_eq!(data_url("data:text/plain,hi"), None);
        let picture = Picture { bytes: b"hi".to_vec(), media_type: "image/png".to_owned() };
        assert_eq!(as_data_url(&picture), "data:image/png;base64,aGk=");
    }

    #[test]
    fn samples_become_a_file_of_sound() {
        let file = wav(&[1, 0, 2, 0], 24_000).unwrap();
        assert_eq!(file.len(), 48);
        assert_eq!(file[4..8], 40_u32.to_le_bytes());
        assert_eq!(file[24..28], 24_000_u32.to_le_bytes());
        assert!(is_sound(&file));
        assert!(!is_sound(b"<html>") && !is_sound(b"{\"error\":1}") && !is_sound(b""));
    }
}
