//! Requests as JSON: the columns of a job that only whoever makes it looks into.

use generation::{
    Aspect, AudioFormat, CharacterRequest, ChatRequest, ConceptRequest, EditRequest, FrameRequest,
    ImageRequest, JobKind, LongText, Name, Request, ResearchRequest, SceneRequest,
    SegmentationRequest, Size, SummaryRequest, VariantRequest, VideoRequest, VoiceoverRequest,
};
use kernel::{AssetId, CharacterId, OutputId, SceneId, ThemeId};
use ports::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::Serializer;

use super::codec::{many, option, text};
use crate::types::corrupt;

macro_rules! mirrors {
    ($($name:ident of $target:literal {
        $($(#[$how:meta])? $field:ident: $kind:ty,)*
    })*) => {$(
        #[derive(Serialize, Deserialize)]
        #[serde(remote = $target)]
        struct $name {
            $($(#[$how])? $field: $kind,)*
        }
    )*};
}

mirrors! {
    Chat of "ChatRequest" {
        #[serde(with = "option")] instructions: Option<LongText>,
        #[serde(with = "text")] message: LongText,
    }
    Concept of "ConceptRequest" {
        #[serde(with = "text")] prompt: LongText,
        #[serde(with = "option")] web_info: Option<LongText>,
    }
    Research of "ResearchRequest" {
        #[serde(with = "text")] prompt: LongText,
    }
    Summary of "SummaryRequest" {
        #[serde(with = "text")] original: LongText,
        #[serde(with = "text")] instruction: LongText,
    }
    Segmentation of "SegmentationRequest" {
        #[serde(with = "text")] prompt: LongText,
        #[serde(with = "text")] concept: LongText,
        #[serde(with = "option")] negative_prompt: Option<LongText>,
        #[serde(with = "option")] art_style: Option<Name>,
        segments: Option<u32>,
    }
    Image of "ImageRequest" {
        #[serde(with = "text")] prompt: LongText,
        #[serde(with = "option")] negative_prompt: Option<LongText>,
        #[serde(with = "option")] art_style: Option<Name>,
        #[serde(with = "text")] aspect: Aspect,
        #[serde(with = "size")] size: Option<Size>,
        count: u32,
        seed: Option<u32>,
    }
    Edit of "EditRequest" {
        #[serde(with = "Image")] image: ImageRequest,
        #[serde(with = "many")] sources: Vec<AssetId>,
        strength: Option<u8>,
    }
    Frame of "FrameRequest" {
        #[serde(with = "text")] asset: AssetId,
        #[serde(with = "option")] output: Option<OutputId>,
        millis: u32,
    }
    Video of "VideoRequest" {
        #[serde(with = "text")] prompt: LongText,
        #[serde(with = "option")] negative_prompt: Option<LongText>,
        #[serde(with = "option")] art_style: Option<Name>,
        #[serde(with = "frames")] frames: Vec<FrameRequest>,
        millis: u32,
        #[serde(with = "text")] aspect: Aspect,
        resolution: u32,
        seed: Option<u32>,
    }
    Voiceover of "VoiceoverRequest" {
        #[serde(with = "text")] text: LongText,
        #[serde(with = "option")] voice: Option<Name>,
        #[serde(with = "option")] language: Option<Name>,
        speed: u16,
        #[serde(with = "text")] format: AudioFormat,
    }
    Character of "CharacterRequest" {
        #[serde(with = "option")] character: Option<CharacterId>,
        #[serde(with = "option")] name: Option<Name>,
        #[serde(with = "option")] description: Option<LongText>,
        #[serde(with = "text")] prompt: LongText,
        #[serde(with = "option")] art_style: Option<Name>,
        #[serde(with = "option")] reference: Option<AssetId>,
        seed: Option<u32>,
    }
    Variant of "VariantRequest" {
        #[serde(with = "text")] theme: ThemeId,
        #[serde(with = "text")] source: AssetId,
        #[serde(with = "text")] prompt: LongText,
        #[serde(with = "option")] art_style: Option<Name>,
        seed: Option<u32>,
    }
    Scene of "SceneRequest" {
        #[serde(with = "text")] scene: SceneId,
        #[serde(with = "many")] sources: Vec<AssetId>,
        #[serde(with = "Image")] image: ImageRequest,
    }
}

/// Width and height.
mod size {
    use generation::Size;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(size: &Option<Size>, out: S) -> Result<S::Ok, S::Error> {
        size.map(|size| [size.width, size.height]).serialize(out)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        stored: D,
    ) -> Result<Option<Size>, D::Error> {
        let sides = Option::<[u32; 2]>::deserialize(stored)?;
        Ok(sides.map(|[width, height]| Size { width, height }))
    }
}

mod frames {
    use generation::FrameRequest;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct One(#[serde(with = "super::Frame")] FrameRequest);

    pub(super) fn serialize<S: Serializer>(
        frames: &[FrameRequest],
        out: S,
    ) -> Result<S::Ok, S::Error> {
        out.collect_seq(frames.iter().map(|frame| One(frame.clone())))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        stored: D,
    ) -> Result<Vec<FrameRequest>, D::Error> {
        let frames = Vec::<One>::deserialize(stored)?;
        Ok(frames.into_iter().map(|one| one.0).collect())
    }
}

pub(crate) fn to_stored(request: &Request) -> Result<Value, StoreError> {
    let value = match request {
        Request::Chat(one) => Chat::serialize(one, Serializer),
        Request::Concept(one) => Concept::serialize(one, Serializer),
        Request::Research(one) => Research::serialize(one, Serializer),
        Request::Summary(one) => Summary::serialize(one, Serializer),
        Request::Segmentation(one) => Segmentation::serialize(one, Serializer),
        Request::Image(one) => Image::serialize(one, Serializer),
        Request::ImageEdit(one) => Edit::serialize(one, Serializer),
        Request::Video(one) => Video::serialize(one, Serializer),
        Request::Voiceover(one) => Voiceover::serialize(one, Serializer),
        Request::Character(one) => Character::serialize(one, Serializer),
        Request::Variant(one) => Variant::serialize(one, Serializer),
        Request::Scene(one) => Scene::serialize(one, Serializer),
    };
    value.map_err(|_| corrupt("a request that is no JSON"))
}

pub(crate) fn from_stored(kind: JobKind, stored: Value) -> Result<Request, StoreError> {
    let request = match kind {
        JobKind::Chat => Chat::deserialize(stored).map(Request::Chat),
        JobKind::Concept => Concept::deserialize(stored).map(Request::Concept),
        JobKind::Research => Research::deserialize(stored).map(Request::Research),
        JobKind::Summary => Summary::deserialize(stored).map(Request::Summary),
        JobKind::Segmentation => Segmentation::deserialize(stored).map(Request::Segmentation),
        JobKind::Image => Image::deserialize(stored).map(Request::Image),
        JobKind::ImageEdit => Edit::deserialize(stored).map(Request::ImageEdit),
        JobKind::Video => Video::deserialize(stored).map(Request::Video),
        JobKind::Voiceover => Voiceover::deserialize(stored).map(Request::Voiceover),
        JobKind::Character => Character::deserialize(stored).map(Request::Character),
        JobKind::Variant => Variant::deserialize(stored).map(Request::Variant),
        JobKind::Scene => Scene::deserialize(stored).map(Request::Scene),
    };
    // What is wrong is not told: it may quote what a person wrote.
    request.map_err(|_| corrupt(format!("a request of kind {kind}")))
}
