//! What a file is by its first bytes, whatever its name and its sender say.

use crate::MediaType;

/// How much of a file's beginning tells what it is.
pub(crate) const HEAD: u64 = 4 * 1024;

/// The type that the beginning of a file gives away. Texts have no such mark: `None`.
pub fn sniff(head: &[u8]) -> Option<MediaType> {
    let starts = |mark: &[u8]| head.starts_with(mark);
    let within = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(mark));
    if starts(b"\x89PNG\r\n\x1a\n") {
        Some(MediaType::Png)
    } else if starts(b"\xff\xd8\xff") {
        Some(MediaType::Jpeg)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Some(MediaType::Gif)
    } else if starts(b"RIFF") && within(8, b"WEBP") {
        Some(MediaType::Webp)
    } else if starts(b"RIFF") && within(8, b"WAVE") {
        Some(MediaType::Wav)
    } else if within(4, b"ftyp") {
        brand(head)
    } else if starts(b"\x1a\x45\xdf\xa3") {
        // The document's type stands in the head: other Matroska files are not taken.
        let head = head.get(..64).unwrap_or(head);
        head.windows(4).any(|four| four == b"webm").then_some(MediaType::Webm)
    } else if starts(b"OggS") {
        Some(MediaType::Ogg)
    } else if starts(b"fLaC") {
        Some(MediaType::Flac)
    } else if starts(b"%PDF-") {
        Some(MediaType::Pdf)
    } else if starts(b"ID3") || is_mp3_frame(head) {
        Some(MediaType::Mp3)
    } else {
        None
    }
}

/// Of the two that share the container, by the brands that the file says it is of.
fn brand(head: &[u8]) -> Option<MediaType> {
    let size = head.first_chunk().map(|size| u32::from_be_bytes(*size)).unwrap_or_default();
    let size = usize::try_from(size).unwrap_or(usize::MAX).min(head.len());
    let mut brands = head.get(8..size).unwrap_or_default().chunks_exact(4);
    let major = brands.next()?;
    // After the major brand comes its version, and then those that it is compatible with.
    let all: Vec<&[u8]> = std::iter::once(major).chain(brands.skip(1)).collect();
    let is = |known: &[&[u8]]| all.iter().any(|brand| known.contains(brand));
    if is(&[b"avif", b"avis"]) {
        Some(MediaType::Avif)
    } else if is(&[b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "])
    {
        Some(MediaType::Mp4)
    } else {
        None
    }
}

/// Eleven bits of synchronisation, layer III, and neither rate left out.
fn is_mp3_frame(head: &[u8]) -> bool {
    let Some([0xff, second, third]) = head.first_chunk() else { return false };
    second & 0xe0 == 0xe0
        && second & 0x18 != 0x08
        && second & 0x06 == 0x02
        && third & 0xf0 != 0xf0
        && third & 0x0c != 0x0c
}
