//! What is asked of the mock's vendors, and what must come of each of its scenarios.

use std::time::Duration;

use generation::{
    Ask, AudioFormat, Call, ChatAsk, ImageAsk, Picture, ResearchAsk, Role, SpeechAsk, Turn,
    VideoAsk, VideoFrame,
};
use mock_vendors::Vendor as Mocked;
use providers::{Surface, Vendor};

/// One way to ask one vendor for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) name: &'static str,
    pub(crate) vendor: Vendor,
    pub(crate) mocked: Mocked,
    pub(crate) surface: Surface,
    /// Below the mock's own address of the vendor.
    pub(crate) path: &'static str,
    pub(crate) model: &'static str,
    pub(crate) kind: Kind,
    /// Goes on without us, and is asked about.
    pub(crate) job: bool,
    /// Its outputs are fetched.
    pub(crate) remote: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Chat,
    Image,
    Edit,
    Film,
    Speech,
    Research,
}

const PUBLISHER: &str = "/v1/projects/p/locations/l/publishers/google";

const DEVELOPER: &str = "/v1beta";

/// Every way to ask every vendor.
pub(crate) const FLOWS: &[Flow] = &[
    flow("gemini text", Vendor::Gemini, Mocked::Gemini, DEVELOPER, "gemini-3.8-flash", Kind::Chat),
    flow(
        "gemini research",
        Vendor::Gemini,
        Mocked::Gemini,
        DEVELOPER,
        "gemini-3.8-flash",
        Kind::Research,
    ),
    flow(
        "gemini picture",
        Vendor::Gemini,
        Mocked::Gemini,
        DEVELOPER,
        "gemini-3.1-flash-image",
        Kind::Image,
    ),
    flow(
        "gemini edit",
        Vendor::Gemini,
        Mocked::Gemini,
        DEVELOPER,
        "gemini-3.1-flash-image",
        Kind::Edit,
    ),
    flow(
        "gemini voice",
        Vendor::Gemini,
        Mocked::Gemini,
        DEVELOPER,
        "gemini-3.8-flash-tts",
        Kind::Speech,
    ),
    flow(
        "gemini film",
        Vendor::Gemini,
        Mocked::Gemini,
        DEVELOPER,
        "gemini-omni-1.1-flash",
        Kind::Film,
    )
    .job()
    .remote(),
    flow(
        "vertex film",
        Vendor::Gemini,
        Mocked::Gemini,
        PUBLISHER,
        "veo-3.1-generate-001",
        Kind::Film,
    )
    .vertex()
    .job(),
    flow(
        "vertex picture",
        Vendor::Gemini,
        Mocked::Gemini,
        PUBLISHER,
        "imagen-4.0-generate-001",
        Kind::Image,
    )
    .vertex(),
    flow("openai text", Vendor::OpenAi, Mocked::Openai, "", "gpt-5.5", Kind::Chat),
    flow("openai picture", Vendor::OpenAi, Mocked::Openai, "", "gpt-image-2.6-flare", Kind::Image),
    flow("openai edit", Vendor::OpenAi, Mocked::Openai, "", "gpt-image-2.6-flare", Kind::Edit),
    flow("openai voice", Vendor::OpenAi, Mocked::Openai, "", "gpt-4o-mini-tts", Kind::Speech),
    flow("openai film", Vendor::OpenAi, Mocked::Openai, "", "kling-3", Kind::Film).job().remote(),
    flow("localai text", Vendor::OpenAi, Mocked::Localai, "", "qwen3-8b", Kind::Chat),
    flow("localai picture", Vendor::OpenAi, Mocked::Localai, "", "flux.1-dev", Kind::Image),
    flow("recraft picture", Vendor::Recraft, Mocked::Recraft, "", "recraftv4_1", Kind::Image),
    flow("recraft edit", Vendor::Recraft, Mocked::Recraft, "", "recraftv3", Kind::Edit),
    flow("fal picture", Vendor::Fal, Mocked::Fal, "", "fal-ai/flux/dev", Kind::Image)
        .job()
        .remote(),
    flow("fal film", Vendor::Fal, Mocked::Fal, "", "fal-ai/veo2/image-to-video", Kind::Film)
        .job()
        .remote(),
    flow(
        "replicate picture",
        Vendor::Replicate,
        Mocked::Replicate,
        "/v1",
        "black-forest-labs/flux-schnell",
        Kind::Image,
    )
    .job()
    .remote(),
    flow("elevenlabs voice", Vendor::ElevenLabs, Mocked::Elevenlabs, "", "eleven_v3", Kind::Speech),
    flow("tavily search", Vendor::Tavily, Mocked::Tavily, "", "basic", Kind::Research),
    flow("tavily agent", Vendor::Tavily, Mocked::Tavily, "", "mini", Kind::Research).job(),
];

const fn flow(
    name: &'static str,
    vendor: Vendor,
    mocked: Mocked,
    path: &'static str,
    model: &'static str,
    kind: Kind,
) -> Flow {
    let surface = Surface::Developer;
    Flow { name, vendor, mocked, surface, path, model, kind, job: false, remote: false }
}

impl Flow {
    const fn job(self) -> Self {
        Self { job: true, ..self }
    }

    const fn remote(self) -> Self {
        Self { remote: true, ..self }
    }

    const fn vertex(self) -> Self {
        Self { surface: Surface::Vertex, ..self }
    }

    /// The ask with a scenario's word in it.
    pub(crate) fn call(&self, word: &str) -> Call {
        let words = format!("a cat [[{word}]]");
        // The smallest that vendors take.
        let png = include_bytes!("grey.png").to_vec();
        let picture = Picture { bytes: png, media_type: "image/png".to_owned() };
        let image = ImageAsk { count: self.count(word), ..ImageAsk::of(words.clone()) };
        let ask = match self.kind {
            Kind::Chat => Ask::Chat(ChatAsk {
                instructions: None,
                turns: vec![Turn { role: Role::User, text: words }],
            }),
            Kind::Image => Ask::Image(image),
            Kind::Edit => Ask::Image(ImageAsk { references: vec![picture], ..image }),
            Kind::Film => Ask::Video(VideoAsk {
                prompt: words,
                negative_prompt: None,
                art_style: None,
                frames: vec![VideoFrame { picture, millis: 5_000 }],
                millis: 5_000,
                aspect: "16:9".parse().unwrap(),
                resolution: 720,
                seed: None,
            }),
            Kind::Speech => Ask::Speech(SpeechAsk {
                text: words,
                voice: None,
                language: None,
                speed: 100,
                format: AudioFormat::Wav,
            }),
            Kind::Research => Ask::Research(ResearchAsk { prompt: words }),
        };
        let patience = if word == "hang" { 1_000 } else { 60_000 };
        Call {
            model: self.model.to_owned(),
            ask,
            marker: "marker-1".parse().unwrap(),
            patience: Duration::from_millis(patience),
            metadata: None,
        }
    }

    /// How many are asked for: four where three of them are to come.
    pub(crate) fn count(&self, word: &str) -> u32 {
        let several = matches!(self.kind, Kind::Image | Kind::Edit);
        if several && word.starts_with("partial") { 4 } else { 1 }
    }
}
