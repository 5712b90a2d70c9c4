use studio::character::{CharacterOrder, Side, sheet};
use studio::edit::{self, EditOrder};
use studio::image::thing::Thing;
use studio::image::{self, Format, ImageOrder, decode, encode, facts, make};
use studio::paint::Style;
use studio::paint::filter::Picture;
use studio::{StudioError, Work, collage};

use crate::{distance, draw, order};

#[test]
fn a_picture_decodes_and_has_the_size_asked_for() {
    for (width, height) in [(64, 64), (320, 180), (90, 200)] {
        let order = ImageOrder { width, height, ..order("a cat in the rain", None) };
        let picture = make(&order, &Work::default()).unwrap();
        for format in [Format::Png, Format::WebP] {
            let bytes = encode(&picture, format, &facts("image", 7)).unwrap();
            assert_eq!(decode(&bytes).unwrap(), picture, "{format:?} {width}x{height}");
        }
    }
}

#[test]
fn a_png_says_what_made_it() {
    let bytes = encode(&draw("a tree", None), Format::Png, &facts("image", 7)).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let texts = &reader.info().uncompressed_latin1_text;
    let found = |key: &str| texts.iter().find(|text| text.keyword == key).map(|t| t.text.clone());
    assert_eq!(found("provider").as_deref(), Some("studio"));
    assert_eq!(found("engine").as_deref(), Some("image"));
    assert_eq!(found("seed").as_deref(), Some("7"));
    assert_eq!(found("version").as_deref(), Some("studio/v1"));
}

#[test]
fn the_same_order_is_the_same_picture_and_another_seed_is_another() {
    let first = draw("a castle by the sea", None);
    assert_eq!(first, draw("a castle by the sea", None));
    let other = ImageOrder { seed: 8, ..order("a castle by the sea", None) };
    assert_ne!(first, make(&other, &Work::default()).unwrap());
}

#[test]
fn words_of_a_prompt_change_the_picture() {
    let day = draw("a house in a meadow", None);
    for prompt in [
        "a house in a meadow at night",
        "a house in a meadow at sunset",
        "a house in the snow",
        "three boats on the sea",
        "a red dragon in the mountains",
        "a fish underwater",
    ] {
        let far = distance(&day, &draw(prompt, None));
        assert!(far > 6.0, "{prompt}: {far}");
    }
    let (red, blue) = (draw("a red car", None), draw("a blue car", None));
    let sum = |picture: &Picture, part: usize| {
        picture.pixels.chunks_exact(4).map(|pixel| u64::from(pixel[part])).sum::<u64>()
    };
    assert!(sum(&red, 0) > sum(&blue, 0) && sum(&red, 2) < sum(&blue, 2));
}

#[test]
fn every_style_is_its_own() {
    let all: Vec<Picture> =
        Style::ALL.map(|style| draw("a dog in the mountains", Some(style))).into();
    for (a, one) in all.iter().enumerate() {
        for (b, other) in all.iter().enumerate().skip(a + 1) {
            let far = distance(one, other);
            assert!(far > 2.5, "{:?} and {:?}: {far}", Style::ALL[a], Style::ALL[b]);
        }
    }
}

#[test]
fn every_thing_is_drawn_and_found_by_its_name() {
    let empty = draw("nothing whatsoever on a plain background", None);
    for thing in Thing::ALL {
        let name = thing.words()[0];
        assert_eq!(Thing::of_word(name), Some(*thing), "{name}");
        let picture = draw(&format!("{name} on a plain background"), None);
        let changed =
            empty.pixels.iter().zip(&picture.pixels).filter(|(a, b)| a.abs_diff(**b) > 12);
        assert!(changed.count() > 900, "{name} is hardly to be seen");
    }
}

#[test]
fn more_of_a_thing_are_more() {
    let empty = draw("a plain background", None);
    let ink = |prompt: &str| {
        let picture = draw(prompt, None);
        empty.pixels.iter().zip(&picture.pixels).filter(|(a, b)| a.abs_diff(**b) > 12).count()
    };
    assert!(ink("two apples on a plain background") > ink("one apple on a plain background"));
}

#[test]
fn what_is_not_wanted_is_left_out() {
    let with = draw("a dog in a meadow", None);
    let without = ImageOrder { negative: "dog".to_owned(), ..order("a dog in a meadow", None) };
    assert_ne!(make(&without, &Work::default()).unwrap(), with);
}

#[test]
fn sizes_are_bounded() {
    for (width, height) in [(63, 64), (64, 2_049)] {
        let order = ImageOrder { width, height, ..order("a cat", None) };
        let refused = make(&order, &Work::default());
        assert!(matches!(refused, Err(StudioError::TooLarge { .. } | StudioError::Empty { .. })));
    }
    assert_eq!(image::sides("16:9", 1_024), Some((1_024, 576)));
    assert_eq!(image::sides("0:9", 1_024), None);
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let small = Picture { width: 1, height: 1, pixels: vec![255; 4] };
    let mut bytes = encode(&small, Format::Png, &[]).unwrap();
    // The width and the height of the header, and the sum that no longer fits it.
    bytes[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    assert!(matches!(
        decode(&bytes),
        Err(StudioError::Unreadable(_) | StudioError::TooLarge { .. })
    ));
    assert!(matches!(decode(b"no picture"), Err(StudioError::Unreadable(_))));
}

#[test]
fn cancelled_work_stops() {
    let work = Work::default();
    work.cancel();
    assert!(matches!(make(&order("a cat", None), &work), Err(StudioError::Cancelled)));
}

fn edited(picture: &Picture, instruction: &str, seed: u64) -> Picture {
    let order = EditOrder {
        picture: picture.clone(),
        instruction: instruction.to_owned(),
        style: None,
        strength: 60,
        size: None,
        seed,
    };
    edit::make(&order, &Work::default()).unwrap()
}

#[test]
fn an_edit_is_changed_and_still_nearest_to_its_picture() {
    let picture = draw("a house by a lake", None);
    let other = draw("a rocket in space", None);
    for instruction in
        ["add snow", "at sunset", "add a hat", "watercolor", "make it blue", "a variation"]
    {
        let made = edited(&picture, instruction, 1);
        assert_eq!((made.width, made.height), (picture.width, picture.height));
        assert_ne!(made, picture, "{instruction}");
        assert!(distance(&made, &picture) < distance(&made, &other), "{instruction}");
    }
    assert_ne!(edited(&picture, "a variation", 1), edited(&picture, "a variation", 2));
    assert_eq!(edited(&picture, "a variation", 1), edited(&picture, "a variation", 1));
}

fn view(description: &str, side: Side) -> Picture {
    let (description, style) = (description.to_owned(), Some(Style::Illustration));
    let order = CharacterOrder { description, style, side, width: 160, height: 240, seed: 3 };
    sheet::make(&order, &Work::default()).unwrap()
}

/// How much of each of 512 colours there is.
fn palette(picture: &Picture) -> Vec<f64> {
    let mut counts = vec![0.0; 512];
    for pixel in picture.pixels.chunks_exact(4) {
        let step = |part: u8| usize::from(part >> 5);
        counts[step(pixel[0]) * 64 + step(pixel[1]) * 8 + step(pixel[2])] += 1.0;
    }
    let total = f64::from(picture.width * picture.height);
    counts.into_iter().map(|count| count / total).collect()
}

fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum()
}

#[test]
fn six_sides_differ_and_share_their_colours() {
    let who = "a woman with red hair, a green coat and a hat";
    let stranger = palette(&view("a bald man in a yellow robe", Side::Front));
    let views = Side::ALL.map(|side| view(who, side));
    let front = palette(&views[0]);
    for (at, one) in views.iter().enumerate() {
        assert!(views[..at].iter().all(|other| other != one), "{:?} is drawn twice", Side::ALL[at]);
        let (own, other) = (apart(&palette(one), &front), apart(&palette(one), &stranger));
        assert!(own < other, "{:?}: {own} from the front, {other} from a stranger", Side::ALL[at]);
    }
}

#[test]
fn characters_are_put_into_one_scene() {
    let pictures = [view("a knight", Side::Front), view("a wizard", Side::Front)];
    assert!(pictures.iter().all(collage::is_plain));
    let scene = order("in a forest at night", None);
    let both = collage::make(&scene, &pictures, &Work::default()).unwrap();
    let one = collage::make(&scene, &pictures[..1], &Work::default()).unwrap();
    assert_eq!((both.width, both.height), (160, 160));
    assert_ne!(both, one);
}
