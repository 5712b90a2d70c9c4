//! Whether a picture is all there: decoders forgive a missing end, and fill it with grey.

use image::ImageFormat;
use ports::DarkroomError;

use crate::flaw::unreadable;

/// The last chunk of a PNG, with its checksum.
const PNG_END: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";

/// Where a pass of a JPEG begins, and where the JPEG ends. Within the data of a pass neither occurs.
const JPEG_PASS: &[u8] = b"\xff\xda";
const JPEG_END: &[u8] = b"\xff\xd9";

/// Refuses a picture whose end is missing. Answers in how many passes it comes, at most.
pub(super) fn check(bytes: &[u8], format: ImageFormat) -> Result<u64, DarkroomError> {
    let (whole, passes) = if format == ImageFormat::Png {
        (last(bytes, PNG_END).is_some(), 1)
    } else if format == ImageFormat::Jpeg {
        let pass = last(bytes, JPEG_PASS);
        let rest = pass.and_then(|pass| bytes.get(pass..)).unwrap_or_default();
        let passes = bytes.windows(2).filter(|two| *two == JPEG_PASS).count();
        (last(rest, JPEG_END).is_some(), u64::try_from(passes).unwrap_or(u64::MAX))
    } else {
        // The head of a WebP tells the length of everything after it.
        (riff_length(bytes).is_some_and(|length| length <= bytes.len()), 1)
    };
    if whole { Ok(passes) } else { unreadable("ends too early") }
}

fn last(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).rposition(|window| window == mark)
}

/// How long a file of chunks is by its own word.
fn riff_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(4..8)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()?.checked_add(8)
}
