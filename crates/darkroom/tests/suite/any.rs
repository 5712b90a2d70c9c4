//! Whatever the bytes are: an answer or a refusal.

use darkroom::{clean, develop};
use proptest::prelude::*;

const FILES: [&[u8]; 13] = [
    include_bytes!("../../../assets/tests/files/a.png"),
    include_bytes!("../../../assets/tests/files/a.jpg"),
    include_bytes!("../../../assets/tests/files/a.gif"),
    include_bytes!("../../../assets/tests/files/a.avif"),
    include_bytes!("../../../assets/tests/files/lossy.webp"),
    include_bytes!("../../../assets/tests/files/extended.webp"),
    include_bytes!("../../../assets/tests/files/front.mp4"),
    include_bytes!("../../../assets/tests/files/fragmented.mp4"),
    include_bytes!("../../../assets/tests/files/a.webm"),
    include_bytes!("../../../assets/tests/files/a.wav"),
    include_bytes!("../../../assets/tests/files/xing.mp3"),
    include_bytes!("../../../assets/tests/files/vorbis.ogg"),
    include_bytes!("../../../assets/tests/files/a.flac"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn real_files_with_bytes_changed_never_panic(
        file in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        keep in 0.0..1.5_f64,
    ) {
        let mut bytes = FILES[file].to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        let _ = develop(bytes);
    }

    #[test]
    fn bytes_behind_a_mark_never_panic(
        file in 0..FILES.len(),
        head in 4..40_usize,
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let head = &FILES[file][..head.min(FILES[file].len())];
        let _ = develop([head, &rest].concat());
    }

    #[test]
    fn drawings_of_anything_never_panic(inside in "[<>/a-z\"'=&;:#(){} 0-9\\-.]{0,200}") {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" {inside}</svg>");
        let _ = clean(&text);
        let _ = develop(text.into_bytes());
    }
}

proptest! {
    // Each is drawn and written three times, which takes a while.
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn shapes_of_any_numbers_never_panic(
        numbers in prop::collection::vec(-1e20..1e20_f64, 8),
        small in prop::collection::vec(-100.0..100.0_f64, 4),
    ) {
        let [a, b, c, d, e, f, g, h] = numbers[..] else { unreachable!("there are eight") };
        let [i, j, k, l] = small[..] else { unreachable!("there are four") };
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{i} {j} {k} {l}\">\
             <g transform=\"matrix({a} {b} {c} {d} {e} {f})\" opacity=\".5\">\
             <path d=\"M{g} {h}L{i} {a}C{b} {c} {d} {e} {f} {g}z\" stroke=\"red\" \
             stroke-width=\"{k}\"/></g></svg>"
        );
        let _ = develop(text.into_bytes());
    }
}
