//! Thumbnails, posters and sheets.

use assets::MediaType;
use darkroom::{develop, sheet};
use image::{ImageFormat, Rgba, RgbaImage};
use ports::{Print, Thumbnail};

use crate::{colours, film, picture, read, written};

fn thumbnail(bytes: Vec<u8>) -> Print {
    match develop(bytes).unwrap().thumbnail {
        Thumbnail::Made(print) => print,
        other @ (Thumbnail::None | Thumbnail::Itself) => panic!("{other:?}"),
    }
}

#[test]
fn a_thumbnail_keeps_proportions_and_what_shows_through() {
    for (width, height, small) in [
        (1_024, 1_024, (512, 512)),
        (1_600, 900, (512, 288)),
        (900, 1_600, (288, 512)),
        (2_000, 10, (512, 3)),
        (513, 1, (512, 1)),
    ] {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let print = thumbnail(written(&colours(width, height, false), format));
            let size = print.facts.size.unwrap();
            assert_eq!((size.width, size.height), small, "of {width} by {height}, {format:?}");
            assert_eq!(print.media, MediaType::Jpeg);
            assert_eq!(read(&print.bytes).dimensions(), small);
        }
    }
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let clear = RgbaImage::from_fn(1_000, 800, |x, _| {
            if x < 500 { Rgba([0, 255, 0, 0]) } else { Rgba([255, 0, 0, 255]) }
        });
        let print = thumbnail(written(&clear, format));
        assert_eq!(print.media, MediaType::Webp);
        let small = read(&print.bytes);
        assert_eq!((small.get_pixel(9, 9).0[3], small.get_pixel(500, 9).0[3]), (0, 255));
        // The green that does not show colours nothing.
        let tinted = small.pixels().filter(|pixel| pixel.0[3] > 0 && pixel.0[1] > 8).count();
        assert_eq!(tinted, 0, "{format:?}");
    }
}

#[test]
fn a_thumbnail_looks_like_its_picture_and_is_much_smaller() {
    let whole = picture(1_024, 1_024, studio::image::Format::Png);
    let print = thumbnail(whole.clone());
    assert!(print.bytes.len() * 5 < whole.len(), "{} of {}", print.bytes.len(), whole.len());
    let (large, small) = (read(&whole), read(&print.bytes));
    let mut apart = 0_u64;
    for (x, y, pixel) in small.enumerate_pixels() {
        let Rgba([r, g, b, _]) = *large.get_pixel(x * 2, y * 2);
        let Rgba([sr, sg, sb, _]) = *pixel;
        apart += u64::from(r.abs_diff(sr)) + u64::from(g.abs_diff(sg)) + u64::from(b.abs_diff(sb));
    }
    let mean = apart / (512 * 512 * 3);
    assert!(mean < 12, "{mean} of 255 apart");
    assert_eq!(thumbnail(whole), print, "the same each time");
}

#[test]
fn what_is_small_is_its_own_thumbnail() {
    for (width, height) in [(512, 512), (512, 1), (64, 64)] {
        let developed = develop(written(&colours(width, height, false), ImageFormat::Png)).unwrap();
        assert_eq!(developed.thumbnail, Thumbnail::Itself);
    }
}

#[test]
fn a_photo_that_was_held_upright_has_a_thumbnail_that_stands_upright() {
    let jpeg = written(&colours(1_024, 512, false), ImageFormat::Jpeg);
    // Orientation 6: to be turned by a quarter.
    let tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(tiff.len() + 2).unwrap().to_be_bytes();
    let exif = [&b"\xff\xe1"[..], &length, tiff].concat();
    let turned = [&jpeg[..2], &exif, &jpeg[2..]].concat();
    let size = thumbnail(turned).facts.size.unwrap();
    assert_eq!((size.width, size.height), (256, 512));
}

#[test]
fn a_poster_is_the_first_picture_that_is_not_black() {
    let poster = thumbnail(film(600));
    let size = poster.facts.size.unwrap();
    assert_eq!((poster.media, size.width, size.height), (MediaType::Jpeg, 512, 288));
    assert!(brightness(&poster) > 20, "{}", brightness(&poster));
    // Half a second in the dark, then white.
    let dark = thumbnail(include_bytes!("../files/dark.mp4").to_vec());
    assert!(brightness(&dark) > 128, "{}", brightness(&dark));
    // Nothing but darkness has a poster all the same.
    let black = thumbnail(include_bytes!("../files/black.mp4").to_vec());
    assert!(brightness(&black) < 20);
}

#[test]
fn films_that_other_programs_make_have_posters_and_other_codecs_have_none() {
    for film in [
        &include_bytes!("../files/high.mp4")[..],
        include_bytes!("../files/baseline.mp4"),
        include_bytes!("../files/sound.mp4"),
    ] {
        let poster = thumbnail(film.to_vec());
        assert!(brightness(&poster) > 40);
    }
    for film in [&include_bytes!("../files/hevc.mp4")[..], include_bytes!("../files/deep.mp4")] {
        assert_eq!(develop(film.to_vec()).unwrap().thumbnail, Thumbnail::None);
        let cut = film[..film.len() * 9 / 10].to_vec();
        assert!(develop(cut).is_err());
    }
    let mut garbage = include_bytes!("../files/baseline.mp4").to_vec();
    let data = garbage.windows(4).position(|four| four == b"mdat").unwrap() + 4;
    let end = garbage.windows(4).position(|four| four == b"moov").unwrap() - 4;
    assert!(end > data);
    garbage[data..end].fill(0x5a);
    assert!(develop(garbage).is_err());
}

fn brightness(print: &Print) -> u64 {
    let picture = read(&print.bytes);
    let sum: u64 = picture.pixels().map(|&Rgba([r, g, b, _])| u64::from(r.max(g).max(b))).sum();
    sum / u64::from(picture.width() * picture.height())
}

#[test]
fn a_sheet_has_six_cells_in_order() {
    let view = |place: u8, width, height| {
        let colour = Rgba([place * 40, 255 - place * 40, 77, 255]);
        written(&RgbaImage::from_pixel(width, height, colour), ImageFormat::Png)
    };
    let views: Vec<_> = (0..6).map(|place| view(place, 100, 200)).collect();
    let print = sheet(views.clone()).unwrap();
    assert_eq!(print.media, MediaType::Png);
    let made = read(&print.bytes);
    assert_eq!(made.dimensions(), (300, 400));
    for place in 0..6_u8 {
        let (x, y) = (u32::from(place % 3) * 100, u32::from(place / 3) * 200);
        for (dx, dy) in [(0, 0), (99, 199), (50, 100)] {
            let Rgba([red, ..]) = *made.get_pixel(x + dx, y + dy);
            assert_eq!(red, place * 40, "cell {place}");
        }
    }
    assert_eq!(sheet(views).unwrap(), print, "the same each time");

    // Views of other sizes stand in the middle of cells of one size, on white.
    let mixed = (0..6).map(|place| view(place, if place == 4 { 40 } else { 100 }, 100)).collect();
    let made = read(&sheet(mixed).unwrap().bytes);
    assert_eq!(made.dimensions(), (300, 200));
    assert_eq!(made.get_pixel(101, 150).0, [255, 255, 255, 255]);
    assert_eq!(made.get_pixel(150, 150).0[0], 160);

    // Where something shows through, so does the ground; large views are made smaller.
    let large = |clear| written(&colours(2_048, 1_024, clear), ImageFormat::Png);
    let made = read(&sheet((0..6).map(|place| large(place == 0)).collect()).unwrap().bytes);
    assert_eq!(made.dimensions(), (3_072, 1_024));
    assert_eq!((made.get_pixel(9, 9).0[3], made.get_pixel(1_100, 9).0[3]), (0, 255));

    let five = (0..5).map(|place| view(place, 9, 9)).collect();
    assert!(sheet(five).is_err());
    let broken = (0..6).map(|place| if place == 3 { b"no".to_vec() } else { view(0, 9, 9) });
    assert!(sheet(broken.collect()).is_err());
}
