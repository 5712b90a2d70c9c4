//! Writes pictures to look at.
use studio::Work;
use studio::image::{Format, ImageOrder, encode, make};
use studio::paint::Style;

fn main() {
    let out = std::env::args().nth(1).expect("a folder");
    let prompts = [
        "a red car on a city street at night in the rain",
        "two cats in a cozy room by the window",
        "a wizard with a long beard in an enchanted forest, fantasy",
        "a lighthouse by the stormy sea",
        "an astronaut riding a horse on the moon",
        "a small cottage in the mountains at sunset, autumn",
        "three colorful hot-air balloon over a meadow at dawn",
        "a fox in a snowy pine forest",
        "a chocolate cake with candles on a table",
        "a girl with blue hair and a yellow raincoat holding an umbrella in the rain",
        "a cyberpunk robot in a neon city",
        "a castle on a hill with a rainbow",
        "five orange fish and a turtle in a coral reef",
        "portrait of an old man with a beard and glasses",
        "a sailboat at sunset, vintage poster",
        "a green dragon and a knight, anime",
        "palm trees on a tropical beach",
        "a white rabbit wearing a red hat, cartoon",
        "mountain lake, minimalist",
        "a cup of coffee and a book, watercolor",
    ];
    let sheet: usize = std::env::args().nth(2).map_or(0, |n| n.parse().unwrap());
    for (i, prompt) in prompts.iter().enumerate() {
        if sheet == 0 {
            let start = std::time::Instant::now();
            let order = ImageOrder { prompt: (*prompt).into(), negative: String::new(), style: None, width: 640, height: 640, seed: 1 };
            let p = make(&order, &Work::default()).unwrap();
            std::fs::write(format!("{out}/p{i:02}.png"), encode(&p, Format::Png, &studio::image::facts("image", 1)).unwrap()).unwrap();
            println!("{i} {prompt} {:?}", start.elapsed());
        }
    }
    if sheet == 1 {
        for (i, style) in Style::ALL.iter().enumerate() {
            let order = ImageOrder { prompt: "a woman with a dog in front of a house by the mountains".into(), negative: String::new(), style: Some(*style), width: 640, height: 640, seed: 3 };
            let p = make(&order, &Work::default()).unwrap();
            std::fs::write(format!("{out}/p{i:02}.png"), encode(&p, Format::Png, &studio::image::facts("image", 1)).unwrap()).unwrap();
        }
    }
}
