//! From what is asked, in the words of the port, to the engines and back.

use generation::{
    Ask, Aspect, AudioFormat, Class, Concept, Cost, Failure, ImageAsk, Made, MadeFile, Piece, Role,
    Segment, Size, Source, SpeechAsk, VideoAsk, View,
};

use crate::cancel::Work;
use crate::character::{self, CharacterOrder, Side};
use crate::edit::{self, EditOrder};
use crate::error::StudioError;
use crate::image::{self, Format, ImageOrder};
use crate::paint::Style;
use crate::paint::filter::Picture;
use crate::speech::{self, Engine, SoundFormat, SpeechOrder};
use crate::video::{self, VideoOrder};
use crate::{collage, text};

/// The longer side of a picture whose size nobody said.
const SIDE_USUAL: u32 = 1_024;
/// How far an edit goes if nobody says.
const STRENGTH_USUAL: u8 = 60;
/// Pictures of one ask: as many as a careful user looks at.
const COUNT_MAX: u32 = 16;

impl From<StudioError> for Failure {
    fn from(error: StudioError) -> Self {
        let class = match &error {
            StudioError::TooLarge { .. }
            | StudioError::Empty { .. }
            | StudioError::Unreadable(_) => Class::InvalidArgument,
            StudioError::Encode(_) => Class::ProviderFailed { retryable: false },
            StudioError::Cancelled => Class::ProviderFailed { retryable: true },
        };
        let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
        Self::new(class, format!("{error}{}", source.unwrap_or_default()))
    }
}

/// Makes what is asked for.
pub(super) fn make(ask: &Ask, engine: Engine, work: &Work) -> Result<Made, Failure> {
    let made = match ask {
        Ask::Chat(chat) => {
            let turns: Vec<(bool, &str)> = chat
                .turns
                .iter()
                .map(|turn| (turn.role == Role::User, turn.text.as_str()))
                .collect();
            one(Piece::Text(text::answer(chat.instructions.as_deref(), &turns, 0)))
        }
        Ask::Concept(ask) => {
            let idea = text::idea(&ask.prompt, ask.web_info.as_deref(), 0);
            let text::Idea { title, concept, tone, goal } = idea;
            one(Piece::Concept(Concept { title, concept, tone, goal }))
        }
        Ask::Research(ask) => {
            let (answer, found) = text::research(&ask.prompt);
            let source = |text::Finding { url, title, excerpt }| Source {
                url,
                title: Some(title),
                excerpt: Some(excerpt),
            };
            one(Piece::Research { answer, sources: found.into_iter().map(source).collect() })
        }
        Ask::Summary(ask) => one(Piece::Text(text::summarise(&ask.original, &ask.instruction))),
        Ask::Segmentation(ask) => {
            let style = ask.art_style.as_deref();
            let planned = text::plan(&ask.prompt, &ask.concept, style, ask.segments, 0);
            let segment = |planned: text::Planned| Segment {
                label: planned.label,
                visual: planned.visual,
                narration: planned.narration,
                animation: format!("{}, {} seconds", planned.animation, planned.seconds),
            };
            one(Piece::Segments(planned.into_iter().map(segment).collect()))
        }
        Ask::Image(ask) => images(ask, work)?,
        Ask::Video(ask) => {
            let video = video::make(&video_order(ask)?, work)?;
            one(Piece::File(MadeFile::Bytes(video.bytes)))
        }
        Ask::Speech(ask) => speech(ask, engine, work)?,
    };
    Ok(made)
}

fn one(piece: Piece) -> Made {
    Made { cost: free(), ..Made::one(piece) }
}

fn free() -> Option<Cost> {
    Some(Cost { amount: "0".to_owned(), unit: "usd".to_owned() })
}

/// The style that a text names, by any of its words.
fn style(name: Option<&str>) -> Option<Style> {
    crate::words::words(name?).iter().find_map(|word| Style::of_word(word))
}

fn images(ask: &ImageAsk, work: &Work) -> Result<Made, Failure> {
    if ask.count == 0 || ask.count > COUNT_MAX {
        return Err(
            StudioError::TooLarge { what: "number of pictures", max: COUNT_MAX.into() }.into()
        );
    }
    let references = ask
        .references
        .iter()
        .map(|picture| image::decode(&picture.bytes))
        .collect::<Result<Vec<Picture>, StudioError>>()?;
    let mut pieces = Vec::new();
    for index in 0..ask.count {
        let seed = u64::from(ask.seed.unwrap_or(0)) + u64::from(index);
        let (engine, picture) = picture(ask, &references, seed, work)?;
        work.check().map_err(Failure::from)?;
        let bytes = image::encode(&picture, Format::Png, &image::facts(engine, seed))?;
        pieces.push(Piece::File(MadeFile::Bytes(bytes)));
    }
    Ok(Made { pieces, note: None, cost: free() })
}

fn picture(
    ask: &ImageAsk,
    references: &[Picture],
    seed: u64,
    work: &Work,
) -> Result<(&'static str, Picture), StudioError> {
    let art = style(ask.art_style.as_deref());
    let size = ask.size.unwrap_or_else(|| ask.aspect.fit(SIDE_USUAL));
    let order = |size: Size| ImageOrder {
        prompt: ask.prompt.clone(),
        negative: ask.negative_prompt.clone().unwrap_or_default(),
        style: art,
        width: size.width,
        height: size.height,
        seed,
    };
    if let Some(view) = ask.view {
        let order = CharacterOrder {
            description: ask.prompt.clone(),
            style: art,
            side: side(view),
            width: size.width,
            height: size.height,
            seed,
        };
        return Ok(("character", character::sheet::make(&order, work)?));
    }
    let Some(first) = references.first() else {
        return Ok(("image", image::make(&order(size), work)?));
    };
    let placed = image::Scene::names_place(&ask.prompt) && collage::is_plain(first);
    if references.len() > 1 || placed {
        return Ok(("collage", collage::make(&order(size), references, work)?));
    }
    let order = EditOrder {
        picture: first.clone(),
        instruction: ask.prompt.clone(),
        style: art,
        strength: ask.strength.unwrap_or(STRENGTH_USUAL),
        size: edited_size(ask, first).map(|size| (size.width, size.height)),
        seed,
    };
    Ok(("edit", edit::make(&order, work)?))
}

/// The size of an edit: what is asked for; that of its picture if the ratio is the same.
fn edited_size(ask: &ImageAsk, picture: &Picture) -> Option<Size> {
    let ratio = f64::from(picture.width) / f64::from(picture.height);
    let wanted = f64::from(ask.aspect.width()) / f64::from(ask.aspect.height());
    let same = (ratio / wanted).ln().abs() < 0.02;
    ask.size.or_else(|| (!same).then(|| ask.aspect.fit(SIDE_USUAL)))
}

fn side(view: View) -> Side {
    match view {
        View::Front => Side::Front,
        View::FrontLeft => Side::FrontLeft,
        View::Left => Side::Left,
        View::Back => Side::Back,
        View::Right => Side::Right,
        View::FrontRight => Side::FrontRight,
    }
}

/// The order of a video, its pictures unpacked.
fn video_order(ask: &VideoAsk) -> Result<VideoOrder, StudioError> {
    let frames = ask
        .frames
        .iter()
        .map(|frame| Ok((image::decode(&frame.picture.bytes)?, frame.millis)))
        .collect::<Result<_, StudioError>>()?;
    let Size { width, height } = video_size(ask.aspect, ask.resolution);
    Ok(VideoOrder {
        prompt: ask.prompt.clone(),
        style: style(ask.art_style.as_deref()),
        frames,
        millis: ask.millis,
        width,
        height,
        seed: ask.seed.unwrap_or(0).into(),
    })
}

/// The size with a shorter side, as far as that is made.
fn video_size(aspect: Aspect, shorter: u32) -> Size {
    let shorter = shorter.min(video::SHORTER_MAX);
    let (wide, high) = (aspect.width(), aspect.height());
    let longer = u64::from(shorter) * u64::from(wide.max(high)) / u64::from(wide.min(high));
    aspect.fit(longer.min(video::LONGER_MAX.into()) as u32)
}

/// Fails where a video can be seen to be none before it is begun.
pub(super) fn check_video(ask: &VideoAsk) -> Result<(), Failure> {
    let Size { width, height } = video_size(ask.aspect, ask.resolution);
    let whole: u64 = ask.frames.iter().map(|frame| u64::from(frame.millis)).sum();
    let millis =
        if ask.frames.is_empty() { ask.millis } else { u32::try_from(whole).unwrap_or(u32::MAX) };
    let order = VideoOrder {
        prompt: String::new(),
        style: None,
        frames: Vec::new(),
        millis,
        width,
        height,
        seed: 0,
    };
    Ok(video::check(&order)?)
}

fn speech(ask: &SpeechAsk, engine: Engine, work: &Work) -> Result<Made, Failure> {
    let (format, note) = match ask.format {
        AudioFormat::Wav => (SoundFormat::Wav, None),
        AudioFormat::Flac => (SoundFormat::Flac, None),
        AudioFormat::Mp3 | AudioFormat::Opus => {
            (SoundFormat::Flac, Some("flac, as the studio makes no other compressed sound"))
        }
    };
    let order = SpeechOrder {
        text: ask.text.clone(),
        voice: ask.voice.clone(),
        language: ask.language.clone(),
        speed: ask.speed,
        format,
        engine,
    };
    let sound = speech::make(&order, work)?;
    let piece = Piece::File(MadeFile::Bytes(sound.bytes));
    Ok(Made { note: note.map(str::to_owned), ..one(piece) })
}
