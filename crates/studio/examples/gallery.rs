//! Writes a page to look at: pictures of twenty prompts, the styles, edits, characters from their
//! sides, videos and voices, all made here and now. `gallery FOLDER` writes `index.html` into it,
//! which needs no other file, and each picture beside it.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine as _;
use studio::character::{CharacterOrder, Side, sheet};
use studio::edit::{self, EditOrder};
use studio::image::{self, Format, ImageOrder};
use studio::paint::Style;
use studio::paint::filter::Picture;
use studio::speech::{self, Engine, SoundFormat, SpeechOrder};
use studio::video::{self, VideoOrder};
use studio::{Work, collage, text};

type Done = Result<(), Box<dyn Error>>;

const PROMPTS: [&str; 20] = [
    "a red car on a city street at night in the rain",
    "two cats in a cozy room by the window",
    "a wizard with a long beard in an enchanted forest",
    "a lighthouse by the stormy sea",
    "an astronaut riding a horse on the moon",
    "a small cottage in the mountains at sunset in autumn",
    "three colorful hot-air balloons over a meadow at dawn",
    "a fox in a snowy pine forest",
    "a chocolate cake with candles on a table",
    "a girl with blue hair and a yellow raincoat holding an umbrella in the rain",
    "a friendly robot in a neon city, cyberpunk",
    "a castle on a hill with a rainbow",
    "five orange fish and a turtle in a coral reef",
    "portrait of an old man with a beard and glasses",
    "a sailboat at sunset, vintage poster",
    "a green dragon and a knight, anime",
    "palm trees and a red crab on a tropical beach",
    "a white rabbit wearing a red hat, cartoon",
    "a lake in the mountains, minimalist",
    "a cup of coffee and a book, watercolor",
];
const CHARACTERS: [(&str, &str); 3] = [
    (
        "Mira",
        "a young woman with long red hair, green eyes, a blue jacket, brown boots and a backpack, adventurer",
    ),
    ("Aldo", "an old wizard with a white beard, a purple robe and a staff"),
    ("Unit 7", "a cheerful robot with an orange armor, headphones and a red scarf"),
];
const EDITS: [&str; 6] = [
    "make it night",
    "add snow",
    "add a golden crown",
    "make the house blue",
    "as a pencil sketch",
    "cyberpunk style",
];
const SPEECH: &str = "Welcome to the studio. Every voice you hear was made on this machine, \
    without a network and without a model. What shall we create today?";

struct Page {
    folder: PathBuf,
    html: String,
    started: Instant,
}

impl Page {
    fn section(&mut self, title: &str) -> Done {
        println!("{:>6.1} s  {title}", self.started.elapsed().as_secs_f32());
        Ok(write!(self.html, "</div><h2>{title}</h2><div class=grid>")?)
    }

    fn figure(&mut self, media: &str, caption: &str) -> Done {
        Ok(write!(self.html, "<figure>{media}<figcaption>{caption}</figcaption></figure>")?)
    }

    fn data(&self, name: &str, kind: &str, bytes: &[u8]) -> Result<String, Box<dyn Error>> {
        fs::write(self.folder.join(name), bytes)?;
        let text = base64::engine::general_purpose::STANDARD.encode(bytes);
        Ok(format!("data:{kind};base64,{text}"))
    }

    fn picture(&mut self, name: &str, picture: &Picture, caption: &str) -> Done {
        let bytes = image::encode(picture, Format::Png, &image::facts("gallery", 1))?;
        let data = self.data(&format!("{name}.png"), "image/png", &bytes)?;
        self.figure(&format!("<img src=\"{data}\">"), caption)
    }

    fn video(&mut self, name: &str, order: &VideoOrder) -> Done {
        let start = Instant::now();
        let made = video::make(order, &Work::default())?;
        let data = self.data(&format!("{name}.mp4"), "video/mp4", &made.bytes)?;
        let caption = format!(
            "{} — {} frames, {:.1} s, {} kB, made in {:.1} s",
            order.prompt,
            made.frames,
            f64::from(made.millis) / 1_000.0,
            made.bytes.len() / 1_000,
            start.elapsed().as_secs_f32(),
        );
        self.figure(&format!("<video src=\"{data}\" controls loop muted></video>"), &caption)
    }
}

fn order(prompt: &str, style: Option<Style>, side: u32) -> ImageOrder {
    let (prompt, negative) = (prompt.to_owned(), String::new());
    ImageOrder { prompt, negative, style, width: side, height: side, seed: 1 }
}

fn main() -> Done {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    fs::create_dir_all(&folder)?;
    let head = "<!doctype html><meta charset=utf-8><title>Studio</title><style>\
        body{font:15px system-ui;background:#15161c;color:#e8e6e3;margin:2em}h2{margin-top:2em}\
        .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(260px,1fr));gap:1em}\
        figure{margin:0;background:#20222b;border-radius:10px;overflow:hidden}\
        img,video{width:100%;display:block}figcaption{padding:.6em .8em;color:#b9b6b0}\
        audio{width:100%}</style><h1>Studio: made here, without a model</h1><div>";
    let mut page =
        Page { folder: PathBuf::from(&folder), html: head.to_owned(), started: Instant::now() };
    pictures(&mut page)?;
    characters(&mut page)?;
    videos(&mut page)?;
    voices(&mut page)?;
    texts(&mut page)?;
    page.html.push_str("</div>");
    fs::write(Path::new(&folder).join("index.html"), &page.html)?;
    println!("{:>6.1} s  {folder}/index.html", page.started.elapsed().as_secs_f32());
    Ok(())
}

fn pictures(page: &mut Page) -> Done {
    let work = Work::default();
    page.section("Twenty prompts")?;
    for (at, prompt) in PROMPTS.into_iter().enumerate() {
        page.picture(
            &format!("prompt{at:02}"),
            &image::make(&order(prompt, None, 640), &work)?,
            prompt,
        )?;
    }
    page.section("One prompt in every style")?;
    let prompt = "a woman with a dog in front of a house by the mountains";
    for (at, style) in Style::ALL.into_iter().enumerate() {
        let made = image::make(&order(prompt, Some(style), 640), &work)?;
        page.picture(&format!("style{at:02}"), &made, style.as_str())?;
    }
    page.section("Edits of one picture")?;
    let picture = image::make(&order(prompt, None, 640), &work)?;
    page.picture("edit00", &picture, "the picture itself")?;
    for (at, instruction) in EDITS.into_iter().enumerate() {
        let instruction = instruction.to_owned();
        let edit = EditOrder {
            picture: picture.clone(),
            instruction,
            style: None,
            strength: 70,
            size: None,
            seed: 1,
        };
        page.picture(&format!("edit{:02}", at + 1), &edit::make(&edit, &work)?, &edit.instruction)?;
    }
    Ok(())
}

fn characters(page: &mut Page) -> Done {
    let work = Work::default();
    let mut fronts = Vec::new();
    for (who, (name, description)) in CHARACTERS.into_iter().enumerate() {
        page.section(&format!("{name}: {description}"))?;
        for (at, side) in Side::ALL.into_iter().enumerate() {
            let order = CharacterOrder {
                description: description.to_owned(),
                style: None,
                side,
                width: 480,
                height: 640,
                seed: 1,
            };
            let made = sheet::make(&order, &work)?;
            page.picture(&format!("view{who}{at}"), &made, &format!("{side:?}"))?;
            if side == Side::Front {
                fronts.push(made);
            }
        }
    }
    page.section("All of them in one scene, and one of them in a setting")?;
    let scene = collage::make(&order("friends in a meadow at sunset", None, 640), &fronts, &work)?;
    page.picture("scene00", &scene, "friends in a meadow at sunset")?;
    let setting = collage::make(&order("in a snowy forest", None, 640), &fronts[..1], &work)?;
    page.picture("scene01", &setting, "in a snowy forest")
}

fn videos(page: &mut Page) -> Done {
    page.section("Videos")?;
    let work = Work::default();
    let still = |prompt| image::make(&order(prompt, None, 720), &work);
    let frames =
        vec![(still(PROMPTS[5])?, 1_500), (still(PROMPTS[7])?, 1_250), (still(PROMPTS[3])?, 1_000)];
    let base = VideoOrder {
        prompt: "slow zoom in, with snow".to_owned(),
        style: None,
        frames,
        millis: 0,
        width: 960,
        height: 540,
        seed: 1,
    };
    page.video("video0", &base)?;
    for (at, prompt) in
        ["pan right over a castle at night with fireworks", "a sailboat on the sea at sunset"]
            .into_iter()
            .enumerate()
    {
        let order = VideoOrder {
            prompt: prompt.to_owned(),
            frames: Vec::new(),
            millis: 4_000,
            ..base.clone()
        };
        page.video(&format!("video{}", at + 1), &order)?;
    }
    Ok(())
}

fn voices(page: &mut Page) -> Done {
    page.section("Voices")?;
    for engine in [Engine::Any, Engine::BuiltIn] {
        for voice in speech::VOICES {
            let order = SpeechOrder {
                text: SPEECH.to_owned(),
                voice: Some(voice.to_owned()),
                language: None,
                speed: 100,
                format: SoundFormat::Wav,
                engine,
            };
            let sound = speech::make(&order, &Work::default())?;
            let data = page.data(
                &format!("voice-{voice}-{}.wav", sound.engine),
                "audio/wav",
                &sound.bytes,
            )?;
            let caption =
                format!("{voice}, {}, {:.1} s", sound.engine, f64::from(sound.millis) / 1_000.0);
            page.figure(&format!("<audio controls src=\"{data}\"></audio>"), &caption)?;
        }
    }
    Ok(())
}

fn texts(page: &mut Page) -> Done {
    page.section("Texts")?;
    let prompt = "a short video that explains how bees pollinate flowers";
    let (answer, sources) = text::research(prompt);
    let idea = text::idea(prompt, Some(&answer), 1);
    page.figure(
        &format!("<pre style=\"white-space:pre-wrap;padding:1em\">{answer}</pre>"),
        &format!("research, {} sources", sources.len()),
    )?;
    page.figure(
        &format!("<pre style=\"white-space:pre-wrap;padding:1em\">{idea:#?}</pre>"),
        "concept",
    )?;
    for planned in text::plan(prompt, &idea.concept, Some("watercolor"), Some(4), 1) {
        page.figure(
            &format!("<pre style=\"white-space:pre-wrap;padding:1em\">{planned:#?}</pre>"),
            "segment",
        )?;
    }
    Ok(())
}
