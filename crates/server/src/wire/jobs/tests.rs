//! What is refused of jobs on the wire, and what reads back.

use testkit::fixtures::{job, requests, user_id};

use super::*;

const NOW: Timestamp = Timestamp::MIN;

fn request(spec: pb::JobSpec) -> pb::CreateJobRequest {
    pb::CreateJobRequest {
        user_id: user_id(1).to_string(),
        request_id: "r1".to_owned(),
        spec: Some(spec),
        model: "studio-image".to_owned(),
        ..Default::default()
    }
}

fn refused(spec: pb::job_spec::Kind) -> Vec<String> {
    let asked = parse_create(request(pb::JobSpec { kind: Some(spec) }), NOW);
    let refusal = Refusal::from(asked.err().expect("is refused"));
    refusal.violations.into_iter().map(|violation| violation.field).collect()
}

#[test]
fn what_is_asked_of_every_kind_reads_back_from_its_message() {
    for (number, asked) in (1..).zip(requests()) {
        let message = render_job(job(number, user_id(1), asked.clone(), NOW));
        let read = parse_create(request(message.spec.unwrap()), NOW).unwrap();
        assert_eq!(read.new.request, asked);
        let again = render_job(job(number, user_id(1), read.new.request, NOW));
        assert_eq!(again.kind, message.kind);
    }
}

#[test]
fn what_is_left_out_is_the_usual() {
    let image = pb::ImageSpec { prompt: "A sea".to_owned(), ..Default::default() };
    let spec = pb::JobSpec { kind: Some(pb::job_spec::Kind::Image(image)) };
    let AskedJob { new, validate_only } = parse_create(request(spec), NOW).unwrap();
    let generation::Request::Image(image) = new.request else { panic!("{:?}", new.request) };
    assert_eq!((image.count, image.aspect), (1, generation::Aspect::SQUARE));
    assert_eq!((new.priority, new.not_before, validate_only), (Priority::Normal, None, false));
    let text = "Hello".to_owned();
    let spoken = pb::VoiceoverSpec { text, ..Default::default() };
    let spec = pb::JobSpec { kind: Some(pb::job_spec::Kind::Voiceover(spoken)) };
    let new = parse_create(request(spec), NOW).unwrap().new;
    let generation::Request::Voiceover(spoken) = new.request else { panic!("{:?}", new.request) };
    assert_eq!((spoken.speed, spoken.format), (100, generation::AudioFormat::Wav));
}

#[test]
fn every_wrong_field_of_every_kind_is_named_at_once() {
    use pb::job_spec::Kind;

    let image = pb::ImageSpec {
        aspect_ratio: "wide".to_owned(),
        size: Some(pb::PixelSize { width: 0, height: 20_000 }),
        count: 21,
        ..Default::default()
    };
    let wrong = ["prompt", "aspect_ratio", "size.width", "size.height", "count"];
    assert_eq!(refused(Kind::Image(image)), wrong.map(|at| format!("spec.image.{at}")));
    let edit = pb::ImageEditSpec { strength: Some(101), source_asset_ids: Vec::new(), image: None };
    assert_eq!(
        refused(Kind::ImageEdit(edit)),
        ["image", "source_asset_ids", "strength"].map(|at| format!("spec.image_edit.{at}"))
    );
    let scene = pb::SceneSpec { source_asset_ids: vec!["7".to_owned()], ..Default::default() };
    assert_eq!(
        refused(Kind::Scene(scene)),
        ["scene_id", "source_asset_ids[0]", "image"].map(|at| format!("spec.scene.{at}"))
    );
    let frame = |duration_ms| pb::VideoSpecFrame {
        asset_id: user_id(1).to_string(),
        duration_ms,
        ..Default::default()
    };
    let video = |frames: Vec<pb::VideoSpecFrame>, duration_ms| pb::VideoSpec {
        prompt: "Waves".to_owned(),
        frames,
        duration_ms,
        ..Default::default()
    };
    let wrong = [
        (video(Vec::new(), 0), vec!["duration_ms"]),
        (video(Vec::new(), 600_001), vec!["duration_ms"]),
        (video(vec![frame(1_000), frame(500)], 1_501), vec!["duration_ms"]),
        (video(vec![frame(400_000), frame(300_000)], 0), vec!["duration_ms"]),
        (
            video(vec![frame(i32::MAX), frame(i32::MAX)], 0),
            vec!["duration_ms", "frames[0].duration_ms", "frames[1].duration_ms"],
        ),
        (video(vec![frame(1); 101], 0), vec!["frames"]),
    ];
    for (video, fields) in wrong {
        let fields: Vec<_> = fields.iter().map(|at| format!("spec.video.{at}")).collect();
        assert_eq!(refused(Kind::Video(video)), fields);
    }
    let low = pb::VideoSpec { resolution: 100, ..video(vec![frame(1)], 1) };
    assert_eq!(refused(Kind::Video(low)), ["spec.video.resolution"]);
    let spoken = pb::VoiceoverSpec { speed: 401, format: 9, ..Default::default() };
    assert_eq!(
        refused(Kind::Voiceover(spoken)),
        ["text", "speed", "format"].map(|at| format!("spec.voiceover.{at}"))
    );
    let plan = pb::SegmentationSpec { segments: Some(0), ..Default::default() };
    assert_eq!(
        refused(Kind::Segmentation(plan)),
        ["prompt", "concept", "segments"].map(|at| format!("spec.segmentation.{at}"))
    );
    let variant = pb::VariantSpec::default();
    assert_eq!(
        refused(Kind::Variant(variant)),
        ["theme_id", "source_asset_id", "prompt"].map(|at| format!("spec.variant.{at}"))
    );
    let none = parse_create(request(pb::JobSpec { kind: None }), NOW);
    let refusal = Refusal::from(none.err().unwrap());
    assert_eq!(refusal.violations[0].field, "spec.kind");
}

#[test]
fn a_stream_goes_on_from_its_own_tokens_only() {
    let watch = |token: &str| pb::WatchJobRequest {
        user_id: user_id(1).to_string(),
        job_id: user_id(2).to_string(),
        resume_token: token.to_owned(),
    };
    let first = parse_watch(watch(""), NOW).unwrap();
    assert_eq!(first.seen, None);
    let message = render_watched(&first.tokens, None, Etag::from_revision(7), NOW);
    let token = message.resume_token;
    assert_eq!(parse_watch(watch(&token), NOW).unwrap().seen, Etag::from_revision(7));
    let other = pb::WatchJobRequest { job_id: user_id(3).to_string(), ..watch(&token) };
    let later = NOW.saturating_add(Span::from_secs(4 * 24 * 60 * 60));
    for refused in [parse_watch(other, NOW), parse_watch(watch(&token), later)] {
        let refusal = Refusal::from(refused.err().expect("is refused"));
        assert_eq!(refusal.violations[0].field, "resume_token");
    }
}
