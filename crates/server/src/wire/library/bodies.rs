//! The bodies of outputs, kind by kind: reading is here, writing in `render`. Numbers that are not
//! known are 0 on the wire.

mod render;

use library::{
    Body, CharacterBody, CharacterView, ConceptBody, Count, Dimensions, ImageBody, Millis,
    ResearchBody, Segment, SegmentationBody, Several, Source, SummaryBody, VideoBody, VideoFile,
    VideoSource, VoiceoverBody,
};
use proto::atelier::library::v1 as pb;
use proto::atelier::library::v1::output_body::Kind;

pub use render::render_body;

use crate::wire::fields::{Fields, given};

/// Reads the one kind that a body is of.
pub(super) fn parse(fields: &mut Fields, body: pb::OutputBody) -> Option<Body> {
    let pb::OutputBody { kind } = body;
    match kind {
        Some(Kind::Concept(it)) => {
            fields.required("concept", Some(it), parse_concept).map(Body::Concept)
        }
        Some(Kind::Research(it)) => {
            fields.required("research", Some(it), parse_research).map(Body::Research)
        }
        Some(Kind::Summary(it)) => {
            fields.required("summary", Some(it), parse_summary).map(Body::Summary)
        }
        Some(Kind::Segmentation(it)) => {
            fields.required("segmentation", Some(it), parse_segmentation).map(Body::Segmentation)
        }
        Some(Kind::Image(it)) => fields.required("image", Some(it), parse_image).map(Body::Image),
        Some(Kind::Video(it)) => fields.required("video", Some(it), parse_video).map(Body::Video),
        Some(Kind::Voiceover(it)) => {
            fields.required("voiceover", Some(it), parse_voiceover).map(Body::Voiceover)
        }
        Some(Kind::Character(it)) => {
            fields.required("character", Some(it), parse_character).map(Body::Character)
        }
        None => {
            fields.note("kind", "must be one of the known kinds");
            None
        }
    }
}

fn parse_concept(fields: &mut Fields, concept: pb::ConceptBody) -> Option<ConceptBody> {
    let pb::ConceptBody { web_info, title, concept, tone, goal } = concept;
    let web_info = fields.optional("web_info", web_info.as_deref());
    let title = fields.parse("title", &title);
    let concept = fields.parse("concept", &concept);
    let tone = fields.parse("tone", &tone);
    let goal = fields.parse("goal", &goal);
    Some(ConceptBody {
        web_info: web_info?,
        title: title?,
        concept: concept?,
        tone: tone?,
        goal: goal?,
    })
}

fn parse_research(fields: &mut Fields, research: pb::ResearchBody) -> Option<ResearchBody> {
    let pb::ResearchBody { response, sources } = research;
    let response = fields.parse("response", &response);
    let sources = several(fields, "sources", sources, |fields, source| {
        let pb::ResearchSource { url, title, excerpt } = source;
        let url = fields.parse("url", &url);
        let title = fields.optional("title", title.as_deref());
        let excerpt = fields.optional("excerpt", excerpt.as_deref());
        Some(Source { url: url?, title: title?, excerpt: excerpt? })
    });
    Some(ResearchBody { response: response?, sources: sources? })
}

fn parse_summary(fields: &mut Fields, summary: pb::SummaryBody) -> Option<SummaryBody> {
    let pb::SummaryBody { original, summary } = summary;
    let original = fields.parse("original", &original);
    let summary = fields.parse("summary", &summary);
    Some(SummaryBody { original: original?, summary: summary? })
}

fn parse_segmentation(fields: &mut Fields, it: pb::SegmentationBody) -> Option<SegmentationBody> {
    let pb::SegmentationBody { concept, negative_prompt, segments } = it;
    let concept = fields.parse("concept", &concept);
    let negative_prompt = fields.optional("negative_prompt", negative_prompt.as_deref());
    let segments = several(fields, "segments", segments, |fields, segment| {
        let pb::Segment { label, visual, narration, animation } = segment;
        let label = fields.parse("label", &label);
        let visual = fields.parse("visual", &visual);
        let narration = fields.parse("narration", &narration);
        let animation = fields.parse("animation", &animation);
        Some(Segment {
            label: label?,
            visual: visual?,
            narration: narration?,
            animation: animation?,
        })
    });
    Some(SegmentationBody {
        concept: concept?,
        negative_prompt: negative_prompt?,
        segments: segments?,
    })
}

fn parse_image(fields: &mut Fields, image: pb::ImageBody) -> Option<ImageBody> {
    let pb::ImageBody {
        asset_id,
        thumbnail_asset_id,
        width,
        height,
        format,
        aspect_ratio,
        size_bytes,
    } = image;
    let asset = fields.optional("asset_id", given(&asset_id));
    let thumbnail = fields.optional("thumbnail_asset_id", given(&thumbnail_asset_id));
    let dimensions = dimensions(fields, width, height);
    let format = fields.optional("format", format.as_deref());
    let aspect_ratio = fields.optional("aspect_ratio", aspect_ratio.as_deref());
    let size_bytes = match size_bytes.map(u64::try_from).transpose() {
        Ok(size) => Some(size),
        Err(_negative) => {
            fields.note("size_bytes", "must not be negative");
            None
        }
    };
    Some(ImageBody {
        asset: asset?,
        thumbnail: thumbnail?,
        dimensions: dimensions?,
        format: format?,
        aspect_ratio: aspect_ratio?,
        size_bytes: size_bytes?,
    })
}

fn parse_video(fields: &mut Fields, video: pb::VideoBody) -> Option<VideoBody> {
    let pb::VideoBody { files, sources, total } = video;
    let files = several(fields, "files", files, parse_file);
    let sources = several(fields, "sources", sources, |fields, source| {
        let pb::VideoSource { asset_id, image_output_id, duration_ms } = source;
        let asset = fields.parse("asset_id", &asset_id);
        let image = fields.optional("image_output_id", given(&image_output_id));
        let duration = measure(fields, "duration_ms", duration_ms, Millis::new);
        Some(VideoSource { asset: asset?, image: image?, duration: duration? })
    });
    let total = measure(fields, "total", total, Count::new);
    Some(VideoBody { files: files?, sources: sources?, total: total? })
}

fn parse_file(fields: &mut Fields, file: pb::VideoFile) -> Option<VideoFile> {
    let pb::VideoFile { asset_id, thumbnail_asset_id, duration_ms, width, height, format } = file;
    let asset = fields.parse("asset_id", &asset_id);
    let thumbnail = fields.optional("thumbnail_asset_id", given(&thumbnail_asset_id));
    let duration = measure(fields, "duration_ms", duration_ms, Millis::new);
    let dimensions = dimensions(fields, width, height);
    let format = fields.optional("format", format.as_deref());
    Some(VideoFile {
        asset: asset?,
        thumbnail: thumbnail?,
        duration: duration?,
        dimensions: dimensions?,
        format: format?,
    })
}

fn parse_voiceover(fields: &mut Fields, voiceover: pb::VoiceoverBody) -> Option<VoiceoverBody> {
    let pb::VoiceoverBody { asset_id, duration_ms, voice, format } = voiceover;
    let asset = fields.optional("asset_id", given(&asset_id));
    let duration = measure(fields, "duration_ms", duration_ms, Millis::new);
    let voice = fields.optional("voice", voice.as_deref());
    let format = fields.optional("format", format.as_deref());
    Some(VoiceoverBody { asset: asset?, duration: duration?, voice: voice?, format: format? })
}

fn parse_character(fields: &mut Fields, character: pb::CharacterBody) -> Option<CharacterBody> {
    let pb::CharacterBody {
        name,
        description,
        views,
        sprite_sheet_asset_id,
        final_asset_id,
        character_id,
        batch_size,
    } = character;
    let name = fields.optional("name", name.as_deref());
    let description = fields.optional("description", description.as_deref());
    let views = several(fields, "views", views, |fields, view| {
        let pb::CharacterView { asset_id, label } = view;
        let asset = fields.parse("asset_id", &asset_id);
        let label = fields.optional("label", label.as_deref());
        Some(CharacterView { asset: asset?, label: label? })
    });
    let sprite_sheet = fields.optional("sprite_sheet_asset_id", given(&sprite_sheet_asset_id));
    let final_image = fields.optional("final_asset_id", given(&final_asset_id));
    let character = fields.optional("character_id", given(&character_id));
    let batch_size = measure(fields, "batch_size", batch_size, Count::new);
    Some(CharacterBody {
        name: name?,
        description: description?,
        views: views?,
        sprite_sheet: sprite_sheet?,
        final_image: final_image?,
        character: character?,
        batch_size: batch_size?,
    })
}

fn several<M, T, const MAX: usize>(
    fields: &mut Fields,
    field: &str,
    messages: Vec<M>,
    parse: impl FnMut(&mut Fields, M) -> Option<T>,
) -> Option<Several<T, MAX>> {
    let parts = fields.each(field, messages, parse)?;
    fields.check(field, Several::new(parts))
}

/// A measure that may be absent, which 0 says. `Some(None)` says that it is.
fn measure<T>(
    fields: &mut Fields,
    field: &str,
    number: i32,
    known: impl Fn(u32) -> Option<T>,
) -> Option<Option<T>> {
    if number == 0 {
        return Some(None);
    }
    let value = u32::try_from(number).ok().and_then(known);
    fields.check(field, value.ok_or("is out of bounds")).map(Some)
}

fn dimensions(fields: &mut Fields, width: i32, height: i32) -> Option<Option<Dimensions>> {
    if width == 0 && height == 0 {
        return Some(None);
    }
    let side = |side| u32::try_from(side).ok();
    let both = side(width).zip(side(height)).and_then(|(w, h)| Dimensions::new(w, h));
    let problem = "must be 1 to 65535 with a height of as much, or 0 with no height";
    fields.check("width", both.ok_or(problem)).map(Some)
}
