//! Small files that claim to be huge: refused fast, and before memory is taken for them.

use std::time::{Duration, Instant};

use assets::MediaType;
use darkroom::develop;
use image::ImageFormat;
use ports::DarkroomError;

use crate::formats::png_checksum;
use crate::{colours, written};

/// Far more than a refusal takes on a slow machine, far less than unpacking would.
const FAST: Duration = Duration::from_secs(2);

fn refused(name: &str, bytes: Vec<u8>) -> DarkroomError {
    let begun = Instant::now();
    let refused = develop(bytes);
    assert!(begun.elapsed() < FAST, "{name} took {:?}", begun.elapsed());
    refused.map(|made| panic!("{name} was taken: {made:?}")).unwrap_err()
}

/// A PNG that claims a size, with next to nothing in it.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = written(&colours(8, 8, true), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = png_checksum(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[test]
fn pictures_that_claim_to_be_huge_are_refused() {
    for (width, height) in [(100_000, 100_000), (65_535, 65_535), (8_193, 8_193), (0, 8)] {
        refused("png", png(width, height));
    }
    let mut gif = written(&colours(8, 8, true), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    refused("gif", gif);
    let mut jpeg = written(&colours(8, 8, false), ImageFormat::Jpeg);
    let head = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[head + 5..head + 9].copy_from_slice(&[0xff; 4]);
    refused("jpeg", jpeg);
    let mut webp = written(&colours(8, 8, true), ImageFormat::WebP);
    webp[21..25].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    refused("webp", webp);
}

#[test]
fn a_size_that_is_small_enough_takes_no_longer_than_its_data() {
    // 64 megapixels are let through, and then there is nothing in it.
    refused("png", png(8_192, 8_192));
}

#[test]
fn films_of_pictures_have_an_end() {
    // A frame of 4096 by 4096 of one colour has few bytes; a thousand of them are some kilobytes.
    let mut gif = b"GIF89a\x00\x10\x00\x10\x80\x00\x00\x00\x00\x00\xff\xff\xff".to_vec();
    let frame = b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00";
    for _ in 0..1_000 {
        gif.extend(frame);
    }
    gif.push(b';');
    assert!(gif.len() < 20_000);
    let begun = Instant::now();
    assert!(matches!(develop(gif), Err(DarkroomError::TooMuch { .. })));
    // What the limit lets through is drawn: that takes its time, and no more.
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn passes_have_an_end() {
    let mut jpeg = written(&colours(2_000, 2_000, false), ImageFormat::Jpeg);
    let end = jpeg.len() - 2;
    let passes = [0xff, 0xda].repeat(1_000);
    jpeg.splice(end..end, passes);
    assert!(matches!(refused("jpeg", jpeg), DarkroomError::TooMuch { .. }));
}

#[test]
fn silence_without_end_is_not_decoded() {
    let mut flac = include_bytes!("../../../assets/tests/files/a.flac").to_vec();
    // All bits of the number of samples.
    flac[21] |= 0x0f;
    flac[22..26].fill(0xff);
    let length = flac.len();
    // It lasts too long for any file of sound.
    let refused = refused("flac", flac);
    assert!(length < 10_000 && !matches!(refused, DarkroomError::TooSlow { .. }), "{refused}");
}

#[test]
fn tables_of_films_that_claim_more_than_the_file_has_are_refused() {
    let film = include_bytes!("../../../assets/tests/files/front.mp4");
    for name in [b"stsz", b"stco", b"stsc"] {
        let at = film.windows(4).position(|four| four == name).unwrap();
        for place in [8, 12] {
            let mut claimed = film.to_vec();
            claimed[at + place..at + place + 4].fill(0xff);
            refused("mp4", claimed);
        }
    }
}

#[test]
fn drawings_that_grow_or_reach_deep_are_refused() {
    let laughs = (1..10).fold(String::from("<!ENTITY a0 \"ha\">"), |all, level| {
        let below = format!("&a{};", level - 1).repeat(10);
        format!("{all}<!ENTITY a{level} \"{below}\">")
    });
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
    let shape = "<path d=\"M0 0h9v9z\"/>";
    let bombs = [
        ("laughs", format!("<!DOCTYPE svg [{laughs}]>{svg}><title>&a9;</title></svg>")),
        (
            "outside",
            format!("<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{svg}>&x;</svg>"),
        ),
        ("deep", format!("{svg}>{}{shape}{}</svg>", "<g>".repeat(100_000), "</g>".repeat(100_000))),
        ("many", format!("{svg}>{}</svg>", shape.repeat(60_000))),
        ("long", format!("{svg}><path d=\"M0 0{}\"/></svg>", "h9v9".repeat(3_000_000))),
        (
            "covering",
            format!(
                "{svg} width=\"9\" height=\"9\">{}</svg>",
                "<g opacity=\".5\"><path d=\"M0 0h9v9H0z\"/><path d=\"M0 0h9v9H0z\"/></g>"
                    .repeat(2_000)
            ),
        ),
        ("no size", format!("{svg} width=\"0\" height=\"0\">{shape}</svg>")),
    ];
    for (name, bomb) in bombs {
        refused(name, bomb.into_bytes());
    }
    let uses = (1..30).fold(format!("<g id=\"u0\">{shape}</g>"), |all, level| {
        let below = format!("<use href=\"#u{}\"/>", level - 1).repeat(10);
        format!("{all}<g id=\"u{level}\">{below}</g>")
    });
    // What multiplies itself is left out.
    let begun = Instant::now();
    let drawn = develop(format!("{svg} viewBox=\"0 0 9 9\">{uses}</svg>").into_bytes()).unwrap();
    assert_eq!(drawn.file.media, MediaType::Png);
    assert!(begun.elapsed() < FAST, "{:?}", begun.elapsed());
}
