//! Every kind of job with the built-in provider, each made of what another has made, by ids alone:
//! files that decode, the right charge, the right counts.

use proto::atelier::assets::v1::AssetKind;
use proto::atelier::catalog::v1::{
    CharacterDetails, CreateCharacterRequest, CreateSceneRequest, CreateThemeRequest,
    GetCharacterRequest, GetUserStatisticsRequest, ListVariantsRequest, SceneDetails, ThemeDetails,
};
use proto::atelier::generation::v1::job_spec::Kind;
use proto::atelier::generation::v1::{
    CharacterSpec, ChatSpec, ConceptSpec, ImageEditSpec, ImageSpec, Job, PixelSize, ResearchSpec,
    ResultSegment, SceneSpec, SegmentationSpec, SummarySpec, VariantSpec, VideoSpec,
    VideoSpecFrame, VoiceoverSpec, job_result,
};
use proto::atelier::library::v1::ListOutputsRequest;
use proto::atelier::projects::v1::{
    CreateConversationRequest, CreateProjectRequest, ListTurnsRequest,
};

use super::files::files;
use super::shop::{Customer, captured};
use crate::whole::wire::served::Served;

const SETTINGS: &[(&str, &str)] = &[("product.profile", "vibe")];

fn text(job: &Job) -> &str {
    let kind = job.result.as_ref().unwrap().kind.as_ref().unwrap();
    match kind {
        job_result::Kind::Text(text) => &text.text,
        job_result::Kind::Research(research) => &research.answer,
        job_result::Kind::Concept(concept) => &concept.concept,
        job_result::Kind::Segmentation(_)
        | job_result::Kind::Files(_)
        | job_result::Kind::Character(_) => panic!("no text: {kind:?}"),
    }
}

fn segments(job: &Job) -> Vec<ResultSegment> {
    let kind = job.result.as_ref().unwrap().kind.clone().unwrap();
    let job_result::Kind::Segmentation(plan) = kind else { panic!("no segments: {kind:?}") };
    plan.segments
}

fn picture(prompt: &str) -> ImageSpec {
    let size = PixelSize { width: 320, height: 180 };
    ImageSpec {
        prompt: prompt.to_owned(),
        size: Some(size),
        aspect_ratio: "16:9".to_owned(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_is_made_from_research_to_narration_by_ids_alone() {
    let served = Served::set(4, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    let user_id = ada.user.clone();
    let project = CreateProjectRequest {
        user_id: user_id.clone(),
        name: "Lighthouses".to_owned(),
        ..Default::default()
    };
    let project = ada.api.projects.clone().create_project(project).await.unwrap().into_inner();
    let project_id = project.project.unwrap().id;

    let research = ResearchSpec { prompt: "Why do lighthouses flash?".to_owned() };
    let research = ada.have("studio-research", Kind::Research(research)).await;
    assert_eq!(captured(&research), "1.00");
    let concept = ConceptSpec {
        prompt: "A short film about a lighthouse".to_owned(),
        web_info: Some(text(&research).to_owned()),
    };
    let concept = ada.have("studio-text", Kind::Concept(concept)).await;
    let summary = SummarySpec {
        original: text(&concept).to_owned(),
        instruction: "In one sentence".to_owned(),
    };
    assert!(!text(&ada.have("studio-text", Kind::Summary(summary)).await).is_empty());
    let plan = SegmentationSpec {
        prompt: "Three scenes".to_owned(),
        concept: text(&concept).to_owned(),
        segments: Some(3),
        ..Default::default()
    };
    let plan = ada.have("studio-text", Kind::Segmentation(plan)).await;
    assert_eq!((segments(&plan).len(), captured(&plan)), (3, "2.00"));

    let mut frames = Vec::new();
    for segment in segments(&plan) {
        let mut order = ada.order("studio-image", Kind::Image(picture(&segment.visual)));
        order.project_id.clone_from(&project_id);
        let image = ada.end_of(order).await;
        assert_eq!(captured(&image), "2.00", "{image:#?}");
        let assets = ada.decoded(&image).await;
        assert_eq!((assets[0].kind(), assets[0].width()), (AssetKind::Image, 320));
        let asset_id = files(&image)[0].asset_id.clone();
        frames.push(VideoSpecFrame { asset_id, duration_ms: 500, ..Default::default() });
    }
    let edit = ImageEditSpec {
        image: Some(picture("The same by night, with stars")),
        source_asset_ids: vec![frames[0].asset_id.clone()],
        ..Default::default()
    };
    let edit = ada.have("studio-image", Kind::ImageEdit(edit)).await;
    assert_eq!(captured(&edit), "1.00");
    ada.decoded(&edit).await;
    let video = VideoSpec {
        prompt: "A slow pan".to_owned(),
        frames,
        resolution: 180,
        aspect_ratio: "16:9".to_owned(),
        ..Default::default()
    };
    let mut order = ada.order("studio-video", Kind::Video(video));
    order.project_id.clone_from(&project_id);
    let video = ada.end_of(order).await;
    assert_eq!(captured(&video), "3.00", "{video:#?}");
    let film = ada.decoded(&video).await;
    assert_eq!(film[0].kind(), AssetKind::Video);
    assert_eq!(film[0].duration.unwrap().seconds, 1, "a second and a half");
    let voice = VoiceoverSpec { text: "a".repeat(500), ..Default::default() };
    let voice = ada.have("studio-speech", Kind::Voiceover(voice)).await;
    assert_eq!(captured(&voice), "1.50");
    assert_eq!(ada.decoded(&voice).await[0].kind(), AssetKind::Audio);

    // 1 + 1 + 1 + 2 + 3 x 2 + 1 + 3 + 1.50
    let account = ada.account().await;
    assert_eq!((account.available.as_str(), account.held.as_str()), ("983.50", "0.00"));
    let of_project = ListOutputsRequest { user_id, project_id, ..Default::default() };
    let outputs = ada.api.library.clone().list_outputs(of_project).await.unwrap().into_inner();
    assert_eq!(outputs.outputs.len(), 4, "three pictures and a film");
    assert!(outputs.outputs.iter().all(|output| output.success && output.charge.is_some()));
    Box::pin(ends(served, ada)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_character_its_themes_and_its_scenes_are_drawn_and_shown() {
    let served = Served::set(4, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    let user_id = ada.user.clone();
    let details = CharacterDetails {
        name: Some("Rua".to_owned()),
        prompt: Some("A red-haired explorer".to_owned()),
        ..Default::default()
    };
    let create = CreateCharacterRequest { user_id: user_id.clone(), details: Some(details) };
    let created = ada.api.characters.clone().create_character(create).await.unwrap();
    let character_id = created.into_inner().character.unwrap().id;
    let spec = CharacterSpec {
        character_id: character_id.clone(),
        name: Some("Rua".to_owned()),
        prompt: "A red-haired explorer in a green coat".to_owned(),
        ..Default::default()
    };
    let drawn = ada.have("studio-image", Kind::Character(spec)).await;
    assert_eq!((captured(&drawn), drawn.steps.len()), ("15.00", 7));
    let assets = ada.decoded(&drawn).await;
    assert!(assets.len() >= 7, "{assets:?}");

    let named =
        GetCharacterRequest { user_id: user_id.clone(), character_id: character_id.clone() };
    let shown = ada.api.characters.clone().get_character(named).await.unwrap().into_inner();
    let shown = shown.character.unwrap().details.unwrap();
    let image = shown.image_asset_id.clone().expect("the final picture is shown");
    assert!(assets.iter().any(|asset| asset.id == image));

    let theme = CreateThemeRequest {
        user_id: user_id.clone(),
        character_id: character_id.clone(),
        details: Some(ThemeDetails { name: "Winter".to_owned(), ..Default::default() }),
    };
    let theme = ada.api.themes.clone().create_theme(theme).await.unwrap().into_inner();
    let theme_id = theme.theme.unwrap().id;
    let spec = VariantSpec {
        theme_id: theme_id.clone(),
        source_asset_id: image.clone(),
        prompt: "In snow".to_owned(),
        ..Default::default()
    };
    let mut order = ada.order("studio-image", Kind::Variant(spec));
    order.operation_type = Some("IMAGE_GENERATION".to_owned());
    let variant = ada.end_of(order).await;
    assert_eq!(captured(&variant), "1.00", "{variant:#?}");
    let of_theme = ListVariantsRequest { user_id: user_id.clone(), theme_id, ..Default::default() };
    let variants = ada.api.variants.clone().list_variants(of_theme).await.unwrap().into_inner();
    assert_eq!(variants.variants.len(), 1);

    let details = SceneDetails {
        name: Some("Harbour".to_owned()),
        character_ids: vec![character_id],
        ..Default::default()
    };
    let scene = CreateSceneRequest { user_id: user_id.clone(), details: Some(details) };
    let scene = ada.api.scenes.clone().create_scene(scene).await.unwrap().into_inner();
    let spec = SceneSpec {
        scene_id: scene.scene.unwrap().id,
        source_asset_ids: vec![image],
        image: Some(picture("A harbour at dawn")),
    };
    let mut order = ada.order("studio-image", Kind::Scene(spec));
    order.operation_type = Some("IMAGE_GENERATION".to_owned());
    ada.decoded(&ada.end_of(order).await).await;

    let statistics = GetUserStatisticsRequest { user_id };
    let statistics = ada.api.characters.clone().get_user_statistics(statistics).await.unwrap();
    let statistics = statistics.into_inner().statistics.unwrap();
    assert_eq!((statistics.characters, statistics.variants, statistics.scenes), (1, 1, 1));
    Box::pin(ends(served, ada)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_goes_on_from_what_was_said_before() {
    let served = Served::set(2, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    let create = CreateConversationRequest { user_id: ada.user.clone(), ..Default::default() };
    let created = ada.api.conversations.clone().create_conversation(create).await.unwrap();
    let conversation_id = created.into_inner().conversation.unwrap().id;
    let mut answers = Vec::new();
    for message in ["My lighthouse is called Tilda.", "What is it called?"] {
        let chat = ChatSpec { message: message.to_owned(), ..Default::default() };
        let mut order = ada.order("studio-text", Kind::Chat(chat));
        order.conversation_id.clone_from(&conversation_id);
        let job = ada.end_of(order).await;
        assert_eq!(captured(&job), "0.50", "{job:#?}");
        answers.push(text(&job).to_owned());
    }
    let turns =
        ListTurnsRequest { user_id: ada.user.clone(), conversation_id, ..Default::default() };
    let turns = ada.api.conversations.clone().list_turns(turns).await.unwrap().into_inner();
    let said: Vec<_> = turns.turns.iter().map(|turn| turn.response.clone()).collect();
    assert!(answers.iter().all(|answer| said.contains(answer)), "{said:?}");
    assert_ne!(answers[0], answers[1]);
    Box::pin(ends(served, ada)).await;
}

/// The books close, and nothing is held.
async fn ends(served: Served, customer: Customer) {
    assert_eq!(customer.account().await.held, "0.00");
    customer.api.books_close(None).await;
    drop(customer);
    served.end().await;
}
