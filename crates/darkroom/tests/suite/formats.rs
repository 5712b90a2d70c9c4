//! What is made decodes, and what was cut off does not.

use assets::MediaType;
use darkroom::develop;
use image::ImageFormat;
use ports::{DarkroomError, Thumbnail};
use studio::image::Format;
use studio::speech::SoundFormat;

use crate::{colours, film, picture, speech, written};

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../assets/tests/files/", $name)).to_vec()
    };
}

#[test]
fn whatever_the_studio_makes_is_read_as_what_it_is() {
    let made = [
        (picture(640, 360, Format::Png), MediaType::Png, Some((640, 360)), None),
        (picture(360, 640, Format::WebP), MediaType::Webp, Some((360, 640)), None),
        (film(1_500), MediaType::Mp4, Some((640, 360)), Some(1_500)),
        (speech(SoundFormat::Wav), MediaType::Wav, None, Some(1_000)),
        (speech(SoundFormat::Flac), MediaType::Flac, None, Some(1_000)),
    ];
    for (bytes, media, size, millis) in made {
        let developed = develop(bytes.clone()).unwrap();
        assert_eq!((developed.file.media, &developed.file.bytes), (media, &bytes));
        let facts = developed.file.facts;
        assert_eq!(facts.size.map(|size| (size.width, size.height)), size, "{media}");
        assert_eq!(facts.duration_ms.is_some(), millis.is_some(), "{media}");
        let near = facts.duration_ms.unwrap_or(0).abs_diff(millis.unwrap_or(0));
        assert!(near < 1_000, "{media} lasts {facts:?}");
        let seen = !matches!(developed.thumbnail, Thumbnail::None);
        assert_eq!(seen, size.is_some(), "{media}");
    }
}

#[test]
fn files_of_other_programs_are_read_too() {
    let files = [
        ("png", file!("a.png")),
        ("jpg", file!("a.jpg")),
        ("gif", file!("a.gif")),
        ("avif", file!("a.avif")),
        ("lossy", file!("lossy.webp")),
        ("lossless", file!("lossless.webp")),
        ("extended", file!("extended.webp")),
        ("tail", file!("tail.mp4")),
        ("front", file!("front.mp4")),
        ("turned", file!("turned.mp4")),
        ("fragmented", file!("fragmented.mp4")),
        ("webm", file!("a.webm")),
        ("wav", file!("a.wav")),
        ("xing", file!("xing.mp3")),
        ("constant", file!("constant.mp3")),
        ("opus", file!("opus.ogg")),
        ("vorbis", file!("vorbis.ogg")),
        ("flac", file!("a.flac")),
    ];
    for (name, bytes) in files {
        let developed = develop(bytes).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        if let Some(millis) = developed.file.facts.duration_ms {
            assert!((1_400..=2_100).contains(&millis), "{name}: {millis}");
        }
        if let Thumbnail::Made(print) = &developed.thumbnail {
            let again = develop(print.bytes.clone()).unwrap();
            assert_eq!(again.file.media, MediaType::Jpeg, "{name}");
        }
    }
}

#[test]
fn what_was_cut_off_is_refused() {
    let whole = [
        ("png", picture(320, 200, Format::Png)),
        ("webp", picture(320, 200, Format::WebP)),
        ("jpeg", written(&colours(320, 200, false), ImageFormat::Jpeg)),
        ("gif", written(&colours(120, 80, true), ImageFormat::Gif)),
        ("mp4", film(500)),
        ("front", file!("front.mp4")),
        ("fragmented", file!("fragmented.mp4")),
        ("wav", speech(SoundFormat::Wav)),
        ("flac", speech(SoundFormat::Flac)),
        ("ogg", file!("vorbis.ogg")),
        ("xing", file!("xing.mp3")),
        ("lossy", file!("lossy.webp")),
    ];
    for (name, bytes) in whole {
        assert!(develop(bytes.clone()).is_ok(), "{name}");
        for tenth in 0..10 {
            let cut = &bytes[..bytes.len() * tenth / 10];
            let refused = develop(cut.to_vec());
            let why = format!("{name} cut to {tenth} tenths: {refused:?}");
            assert!(matches!(refused, Err(DarkroomError::Unreadable { .. })), "{why}");
        }
        let refused = develop(bytes[..bytes.len() - 1].to_vec());
        assert!(
            refused.is_err() || name == "xing" || name == "gif",
            "{name} but for its last byte"
        );
    }
}

#[test]
fn an_mp3_that_does_not_tell_its_length_lasts_as_long_as_its_frames() {
    let whole = file!("constant.mp3");
    let millis = |bytes: &[u8]| develop(bytes.to_vec()).unwrap().file.facts.duration_ms.unwrap();
    let all = millis(&whole);
    let half = millis(&whole[..whole.len() / 2]);
    assert!(half * 2 <= all && half * 3 > all, "{half} of {all}");
    // Tags and padding behind the sound are none of it; anything else in there is a damage.
    let with = |tail: &[u8]| [&whole, tail].concat();
    let tag = [&b"TAG"[..], &[b'x'; 5_000]].concat();
    assert_eq!(millis(&with(&tag)), all);
    assert_eq!(millis(&with(&[0; 5_000])), all);
    assert!(develop(with(&[b'x'; 5_000])).is_err());
}

#[test]
fn damage_within_is_found_where_there_is_a_checksum() {
    let files = [
        ("png", picture(320, 200, Format::Png)),
        ("ogg", file!("vorbis.ogg")),
        ("flac", speech(SoundFormat::Flac)),
    ];
    for (name, bytes) in files {
        let mut damaged = bytes.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0x55;
        assert!(develop(damaged).is_err(), "{name}");
    }
}

#[test]
fn a_size_that_is_not_that_of_the_data_is_refused() {
    let mut bytes = picture(320, 200, Format::Png);
    // A row more than there is, with the checksum that fits.
    bytes[23] += 1;
    let sum = png_checksum(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    assert!(matches!(develop(bytes), Err(DarkroomError::Unreadable { .. })));
}

#[test]
fn what_is_nothing_is_refused_by_what_it_is_not() {
    for bytes in [&b""[..], b"<html><body>", b"{\"error\": \"no\"}", b"\x89PNG\r\n\x1a\n", b"OggS"]
    {
        assert!(matches!(develop(bytes.to_vec()), Err(DarkroomError::Unreadable { .. })));
    }
}

/// The checksum of chunks of PNG.
pub(crate) fn png_checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }
        })
    })
}
