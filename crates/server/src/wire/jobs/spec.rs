//! What a job is to make, kind by kind: reading is here, writing in `render`.

mod render;

use std::fmt::Display;
use std::str::FromStr;

use generation::{
    Aspect, AudioFormat, CharacterRequest, ChatRequest, ConceptRequest, EditRequest, FrameRequest,
    ImageRequest, Request, ResearchRequest, SceneRequest, SegmentationRequest, Size,
    SummaryRequest, VariantRequest, VideoRequest, VoiceoverRequest,
};
use proto::atelier::generation::v1 as pb;
use proto::atelier::generation::v1::job_spec::Kind;

pub(super) use render::render_spec;

use crate::wire::fields::{Fields, given};

/// Pictures at once: more than any vendor makes in one call.
const IMAGES_MAX: i32 = 20;

/// Pictures that others are made from: as many as the vendors take.
const SOURCES_MAX: usize = 16;

/// Pictures of a video, and segments of a planned one: as many as the library keeps.
const FRAMES_MAX: usize = 100;
const SEGMENTS_MAX: i32 = 200;

/// The longest video, and the longest picture in it: ten minutes.
const MILLIS_MAX: i32 = 600_000;

/// One side of a picture in pixels.
const SIDE: (i32, i32) = (16, 16_384);

/// The shorter side of a video in pixels: up to what is called 8K.
const RESOLUTION: (i32, i32) = (144, 4_320);
const RESOLUTION_DEFAULT: u32 = 720;

/// How fast a voice speaks, in hundredths: a quarter to four times.
const SPEED: (i32, i32) = (25, 400);
const SPEED_DEFAULT: u16 = 100;

/// Reads the one kind that is asked for.
pub(super) fn parse(fields: &mut Fields, spec: pb::JobSpec) -> Option<Request> {
    let pb::JobSpec { kind } = spec;
    macro_rules! of {
        ($field:literal, $it:expr, $parse:ident, $kind:ident) => {
            fields.required($field, Some($it), $parse).map(Request::$kind)
        };
    }
    match fields.check("kind", kind.ok_or("must be one of the known kinds"))? {
        Kind::Chat(it) => of!("chat", it, chat, Chat),
        Kind::Concept(it) => of!("concept", it, concept, Concept),
        Kind::Research(it) => of!("research", it, research, Research),
        Kind::Summary(it) => of!("summary", it, summary, Summary),
        Kind::Segmentation(it) => of!("segmentation", it, segmentation, Segmentation),
        Kind::Image(it) => of!("image", it, image, Image),
        Kind::ImageEdit(it) => of!("image_edit", it, edit, ImageEdit),
        Kind::Video(it) => of!("video", it, video, Video),
        Kind::Voiceover(it) => of!("voiceover", it, voiceover, Voiceover),
        Kind::Character(it) => of!("character", it, character, Character),
        Kind::Variant(it) => of!("variant", it, variant, Variant),
        Kind::Scene(it) => of!("scene", it, scene, Scene),
    }
}

fn chat(fields: &mut Fields, chat: pb::ChatSpec) -> Option<ChatRequest> {
    let pb::ChatSpec { instructions, message } = chat;
    let instructions = fields.optional("instructions", instructions.as_deref());
    let message = fields.parse("message", &message);
    Some(ChatRequest { instructions: instructions?, message: message? })
}

fn concept(fields: &mut Fields, concept: pb::ConceptSpec) -> Option<ConceptRequest> {
    let pb::ConceptSpec { prompt, web_info } = concept;
    let prompt = fields.parse("prompt", &prompt);
    let web_info = fields.optional("web_info", web_info.as_deref());
    Some(ConceptRequest { prompt: prompt?, web_info: web_info? })
}

fn research(fields: &mut Fields, research: pb::ResearchSpec) -> Option<ResearchRequest> {
    let pb::ResearchSpec { prompt } = research;
    Some(ResearchRequest { prompt: fields.parse("prompt", &prompt)? })
}

fn summary(fields: &mut Fields, summary: pb::SummarySpec) -> Option<SummaryRequest> {
    let pb::SummarySpec { original, instruction } = summary;
    let original = fields.parse("original", &original);
    let instruction = fields.parse("instruction", &instruction);
    Some(SummaryRequest { original: original?, instruction: instruction? })
}

fn segmentation(fields: &mut Fields, plan: pb::SegmentationSpec) -> Option<SegmentationRequest> {
    let pb::SegmentationSpec { prompt, concept, negative_prompt, art_style, segments } = plan;
    let prompt = fields.parse("prompt", &prompt);
    let concept = fields.parse("concept", &concept);
    let negative_prompt = fields.optional("negative_prompt", negative_prompt.as_deref());
    let art_style = fields.optional("art_style", art_style.as_deref());
    let segments = segments.map_or(Some(None), |segments| {
        within(fields, "segments", segments, (1, SEGMENTS_MAX)).map(Some)
    });
    Some(SegmentationRequest {
        prompt: prompt?,
        concept: concept?,
        negative_prompt: negative_prompt?,
        art_style: art_style?,
        segments: segments?,
    })
}

fn image(fields: &mut Fields, image: pb::ImageSpec) -> Option<ImageRequest> {
    let pb::ImageSpec { prompt, negative_prompt, art_style, aspect_ratio, size, count, seed } =
        image;
    let prompt = fields.parse("prompt", &prompt);
    let negative_prompt = fields.optional("negative_prompt", negative_prompt.as_deref());
    let art_style = fields.optional("art_style", art_style.as_deref());
    let aspect = aspect(fields, &aspect_ratio);
    let size = fields.maybe("size", size, |fields, size| {
        let pb::PixelSize { width, height } = size;
        let width = within(fields, "width", width, SIDE);
        let height = within(fields, "height", height, SIDE);
        Some(Size { width: width?, height: height? })
    });
    let count = or_default(fields, "count", count, (1, IMAGES_MAX), 1);
    Some(ImageRequest {
        prompt: prompt?,
        negative_prompt: negative_prompt?,
        art_style: art_style?,
        aspect: aspect?,
        size: size?,
        count: count?,
        seed,
    })
}

fn edit(fields: &mut Fields, edit: pb::ImageEditSpec) -> Option<EditRequest> {
    let pb::ImageEditSpec { image: it, source_asset_ids, strength } = edit;
    let image = fields.required("image", it, image);
    let sources = several(fields, "source_asset_ids", &source_asset_ids, 1);
    let strength = strength
        .map_or(Some(None), |strength| within(fields, "strength", strength, (0, 100)).map(Some));
    Some(EditRequest { image: image?, sources: sources?, strength: strength? })
}

fn video(fields: &mut Fields, video: pb::VideoSpec) -> Option<VideoRequest> {
    let pb::VideoSpec {
        prompt,
        negative_prompt,
        art_style,
        frames,
        duration_ms,
        aspect_ratio,
        resolution,
        seed,
    } = video;
    let prompt = fields.parse("prompt", &prompt);
    let negative_prompt = fields.optional("negative_prompt", negative_prompt.as_deref());
    let art_style = fields.optional("art_style", art_style.as_deref());
    let sum: i64 = frames.iter().map(|frame| i64::from(frame.duration_ms)).sum();
    let millis = match i32::try_from(sum) {
        _ if frames.is_empty() => within(fields, "duration_ms", duration_ms, (1, MILLIS_MAX)),
        Ok(sum) if duration_ms == 0 || duration_ms == sum => {
            within(fields, "duration_ms", sum, (1, MILLIS_MAX))
        }
        Ok(_) | Err(_) => {
            fields.note("duration_ms", "must be 0 or the sum of the frames");
            None
        }
    };
    let frames = if frames.len() > FRAMES_MAX {
        fields.check("frames", Err(format!("must be at most {FRAMES_MAX}")))
    } else {
        fields.each("frames", frames, frame)
    };
    let aspect = aspect(fields, &aspect_ratio);
    let resolution = or_default(fields, "resolution", resolution, RESOLUTION, RESOLUTION_DEFAULT);
    Some(VideoRequest {
        prompt: prompt?,
        negative_prompt: negative_prompt?,
        art_style: art_style?,
        frames: frames?,
        millis: millis?,
        aspect: aspect?,
        resolution: resolution?,
        seed,
    })
}

fn frame(fields: &mut Fields, frame: pb::VideoSpecFrame) -> Option<FrameRequest> {
    let pb::VideoSpecFrame { asset_id, image_output_id, duration_ms } = frame;
    let asset = fields.parse("asset_id", &asset_id);
    let output = fields.optional("image_output_id", given(&image_output_id));
    let millis = within(fields, "duration_ms", duration_ms, (1, MILLIS_MAX));
    Some(FrameRequest { asset: asset?, output: output?, millis: millis? })
}

fn voiceover(fields: &mut Fields, voiceover: pb::VoiceoverSpec) -> Option<VoiceoverRequest> {
    let pb::VoiceoverSpec { text, voice, language, speed, format } = voiceover;
    let text = fields.parse("text", &text);
    let voice = fields.optional("voice", voice.as_deref());
    let language = fields.optional("language", language.as_deref());
    let speed = or_default(fields, "speed", speed, SPEED, SPEED_DEFAULT);
    let format = fields.choice("format", format, |format: pb::AudioFormat| {
        Some(match format {
            pb::AudioFormat::Unspecified | pb::AudioFormat::Wav => AudioFormat::Wav,
            pb::AudioFormat::Flac => AudioFormat::Flac,
            pb::AudioFormat::Mp3 => AudioFormat::Mp3,
            pb::AudioFormat::Opus => AudioFormat::Opus,
        })
    });
    Some(VoiceoverRequest {
        text: text?,
        voice: voice?,
        language: language?,
        speed: speed?,
        format: format?,
    })
}

fn character(fields: &mut Fields, character: pb::CharacterSpec) -> Option<CharacterRequest> {
    let pb::CharacterSpec {
        character_id,
        name,
        description,
        prompt,
        art_style,
        reference_asset_id,
        seed,
    } = character;
    let character = fields.optional("character_id", given(&character_id));
    let name = fields.optional("name", name.as_deref());
    let description = fields.optional("description", description.as_deref());
    let prompt = fields.parse("prompt", &prompt);
    let art_style = fields.optional("art_style", art_style.as_deref());
    let reference = fields.optional("reference_asset_id", given(&reference_asset_id));
    Some(CharacterRequest {
        character: character?,
        name: name?,
        description: description?,
        prompt: prompt?,
        art_style: art_style?,
        reference: reference?,
        seed,
    })
}

fn variant(fields: &mut Fields, variant: pb::VariantSpec) -> Option<VariantRequest> {
    let pb::VariantSpec { theme_id, source_asset_id, prompt, art_style, seed } = variant;
    let theme = fields.parse("theme_id", &theme_id);
    let source = fields.parse("source_asset_id", &source_asset_id);
    let prompt = fields.parse("prompt", &prompt);
    let art_style = fields.optional("art_style", art_style.as_deref());
    Some(VariantRequest {
        theme: theme?,
        source: source?,
        prompt: prompt?,
        art_style: art_style?,
        seed,
    })
}

fn scene(fields: &mut Fields, scene: pb::SceneSpec) -> Option<SceneRequest> {
    let pb::SceneSpec { scene_id, source_asset_ids, image: it } = scene;
    let scene = fields.parse("scene_id", &scene_id);
    let sources = several(fields, "source_asset_ids", &source_asset_ids, 0);
    let image = fields.required("image", it, image);
    Some(SceneRequest { scene: scene?, sources: sources?, image: image? })
}

fn aspect(fields: &mut Fields, text: &str) -> Option<Aspect> {
    let ratio = fields.optional("aspect_ratio", given(text))?;
    Some(ratio.unwrap_or(Aspect::SQUARE))
}

/// The ids of pictures that something is made from.
fn several<T>(fields: &mut Fields, field: &str, ids: &[String], min: usize) -> Option<Vec<T>>
where
    T: FromStr<Err: Display>,
{
    if !(min..=SOURCES_MAX).contains(&ids.len()) {
        fields.note(field, format!("must be {min} to {SOURCES_MAX} ids"));
        return None;
    }
    let read = ids.iter().enumerate();
    let read = read.map(|(index, id)| fields.parse(&format!("{field}[{index}]"), id));
    // All are read before any is missed: each has its violations to note.
    read.collect::<Vec<_>>().into_iter().collect()
}

/// A number within bounds, both included.
fn within<T: TryFrom<i32>>(
    fields: &mut Fields,
    field: &str,
    number: i32,
    (min, max): (i32, i32),
) -> Option<T> {
    let fits = (min..=max).contains(&number).then(|| T::try_from(number).ok()).flatten();
    fields.check(field, fits.ok_or_else(|| format!("must be {min} to {max}")))
}

/// The same, where 0 stands for the usual.
fn or_default<T: TryFrom<i32>>(
    fields: &mut Fields,
    field: &str,
    number: i32,
    bounds: (i32, i32),
    default: T,
) -> Option<T> {
    if number == 0 { Some(default) } else { within(fields, field, number, bounds) }
}
