use super::sound::Format;
use super::*;

fn plan(words: &str) -> Plan {
    Plan::of_words(words.as_bytes()).unwrap()
}

fn drawn(content_type: &'static str, words: &str) -> Media {
    Picture::new(640, 360, content_type, "a cat").draw(&plan(words))
}

#[test]
fn pictures_are_what_they_are_said_to_be() {
    assert!(drawn("image/png", "").bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(drawn("image/jpeg", "").bytes.starts_with(b"\xff\xd8\xff"));
    assert_eq!(drawn("image/webp", "").bytes.get(8..16), Some(&b"WEBPVP8L"[..]));
    assert!(drawn("image/svg+xml", "").bytes.starts_with(b"<svg"));
}

#[test]
fn other_words_make_other_pictures_and_the_same_words_the_same() {
    let of = |about| Picture::new(64, 64, "image/png", about).draw(&Plan::default());
    assert_eq!(of("a cat"), of("a cat"));
    assert_ne!(of("a cat"), of("a dog"));
}

#[test]
fn the_plan_spoils_bytes() {
    let page = drawn("image/png", "[[html]]");
    assert_eq!(page.content_type, "text/html");
    let wrong = drawn("image/png", "[[wrong-magic]]");
    assert!(wrong.content_type == "image/png" && !wrong.bytes.starts_with(b"\x89PNG"));
    assert_eq!(drawn("image/png", "[[huge:2]]").bytes.len(), 2 * MIB);
    assert_ne!(drawn("image/png", "[[nsfw-black]]"), drawn("image/png", ""));
}

#[test]
fn films_last_as_long_as_was_asked() {
    for seconds in [1, 3, 4, 8, 12] {
        let bytes = film(seconds, 16, 9).bytes;
        let at = bytes.windows(4).position(|window| window == b"mvhd").unwrap();
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(number(at + 20) / number(at + 16), seconds);
    }
    assert_ne!(film(4, 16, 9), film(4, 9, 16));
}

#[test]
fn sounds_last_as_long_as_their_text() {
    let text = "fifteen letters, three times over, as they are here.";
    let wav = Sound { text, format: Format::Wav { rate: 24_000 } };
    assert!((wav.seconds() - 3.4).abs() < 0.01);
    assert_eq!(wav.play(&Plan::default()).bytes.len(), 44 + 2 * 81_600);
    let mp3 = Sound { text, format: Format::Mp3 { rate: 44_100, kbits: 128 } };
    let bytes = mp3.play(&Plan::default()).bytes;
    assert!(bytes.starts_with(b"\xff\xfb") && bytes.len().is_multiple_of(417), "{}", bytes.len());
}
