//! Real files of every type, and garbage of every kind.

use proptest::prelude::*;

use super::*;

macro_rules! files {
    ($($name:literal $media:ident $size:expr, $duration:expr;)*) => {
        /// Files made by other programs, and what these say of them: the duration within a frame.
        const FILES: &[(&str, &[u8], MediaType, Option<(u32, u32)>, Option<u64>)] = &[
            $(($name, include_bytes!(concat!("../../tests/files/", $name)), MediaType::$media, $size,
               $duration),)*
        ];
    };
}

files! {
    "a.png" Png Some((17, 9)), None;
    "a.jpg" Jpeg Some((17, 9)), None;
    "a.gif" Gif Some((17, 9)), None;
    "a.avif" Avif Some((17, 9)), None;
    "lossy.webp" Webp Some((17, 9)), None;
    "lossless.webp" Webp Some((17, 9)), None;
    "extended.webp" Webp Some((17, 9)), None;
    "tail.mp4" Mp4 Some((32, 18)), Some(2_000);
    "front.mp4" Mp4 Some((32, 18)), Some(2_000);
    "turned.mp4" Mp4 Some((18, 32)), Some(2_000);
    "fragmented.mp4" Mp4 Some((32, 18)), None;
    "a.webm" Webm Some((32, 18)), Some(2_000);
    "a.wav" Wav None, Some(1_500);
    "xing.mp3" Mp3 None, Some(1_500);
    "constant.mp3" Mp3 None, Some(1_500);
    "opus.ogg" Ogg None, Some(1_500);
    "vorbis.ogg" Ogg None, Some(1_500);
    "a.flac" Flac None, Some(1_500);
}

/// What encoders add to fill their last frame, and more of it where a rate is low.
const SLACK_MS: u64 = 250;

/// Reads a file as a store would hand it out, and counts how often it was asked.
fn piecemeal(bytes: &[u8], media: MediaType) -> (Result<Facts, Stop>, usize) {
    let mut file = Parts::unread(bytes.len() as u64);
    for asked in 0..10_000 {
        match probe(&file, media) {
            Err(Stop::Need { offset, length }) => {
                let from = usize::try_from(offset).unwrap();
                let until = usize::try_from(offset + length).unwrap();
                file.add(offset, bytes[from..until].to_vec());
            }
            outcome => return (outcome, asked),
        }
    }
    panic!("it asks without end");
}

#[test]
fn real_files_are_read_as_other_programs_read_them() {
    for (name, bytes, media, size, duration) in FILES {
        assert_eq!(sniff(bytes), Some(*media), "{name}");
        let (facts, _) =
            probe_whole(bytes.to_vec(), *media).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(facts.size.map(|size| (size.width, size.height)), *size, "{name}");
        match (facts.duration_ms, duration) {
            (Some(found), Some(told)) => {
                assert!(found.abs_diff(*told) <= SLACK_MS, "{name}: {found}")
            }
            (found, told) => assert_eq!(found, *told, "{name}"),
        }
        let (pieces, _) = piecemeal(bytes, *media);
        assert_eq!(pieces, Ok(facts), "{name}");
    }
}

#[test]
fn a_file_is_not_taken_for_one_of_another_type() {
    for (name, bytes, media, ..) in FILES {
        for other in MediaType::ALL.into_iter().filter(|other| other != media) {
            let refused = probe_whole(bytes.to_vec(), other);
            assert!(refused.is_err(), "{name} as {other}: {refused:?}");
        }
    }
    let page = b"<html><script>".to_vec();
    assert!(probe_whole(page.clone(), MediaType::Png).is_err());
    assert!(probe_whole(page, MediaType::Json).is_err());
}

#[test]
fn texts_are_texts() {
    for text in ["{}", " [1]\n", "\"a\"", "-1.5", "null"] {
        assert!(probe_whole(text.as_bytes().to_vec(), MediaType::Json).is_ok(), "{text}");
        assert!(probe_whole(text.as_bytes().to_vec(), MediaType::Text).is_ok(), "{text}");
    }
    for bytes in [&b"\xff\xfea"[..], b"a\0b"] {
        assert!(probe_whole(bytes.to_vec(), MediaType::Text).is_err());
    }
    assert!(probe_whole(b"hello".to_vec(), MediaType::Json).is_err());
}

#[test]
fn of_a_long_film_little_is_read_wherever_its_head_is() {
    let (_, bytes, ..) = FILES.iter().find(|(name, ..)| *name == "tail.mp4").unwrap();
    // A free box between what comes first and the rest.
    let mut film = bytes[..32].to_vec();
    let free = 300_000_u32;
    film.extend(free.to_be_bytes());
    film.extend(b"free");
    film.resize(32 + free as usize, 0);
    film.extend(&bytes[32..]);
    let (facts, asked) = piecemeal(&film, MediaType::Mp4);
    assert_eq!(facts.unwrap().duration_ms, Some(2_000));
    assert!(asked <= 4, "{asked} requests");
}

#[test]
fn a_file_that_is_too_large_is_not_even_read() {
    let file = Parts::unread(Kind::Image.bytes_max() + 1);
    assert!(matches!(probe(&file, MediaType::Png), Err(Stop::Unreadable(_))));
}

proptest! {
    #[test]
    fn garbage_is_refused_or_read_and_never_a_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        for media in MediaType::ALL {
            let _ = piecemeal(&bytes, media);
        }
    }

    #[test]
    fn damaged_files_are_refused_or_read_and_never_a_panic(
        which in 0..FILES.len(),
        cut in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let (_, bytes, media, ..) = FILES[which];
        let mut bytes = bytes.to_vec();
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let _ = piecemeal(&bytes, media);
        bytes.truncate(cut.index(bytes.len()));
        let _ = piecemeal(&bytes, media);
    }
}
