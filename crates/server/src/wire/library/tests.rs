//! What is refused of outputs on the wire, and what reads back.

use testkit::fixtures::{bodies, output, project_id, user_id};

use super::*;

fn fields(violations: impl Into<Refusal>) -> Vec<String> {
    violations.into().violations.into_iter().map(|violation| violation.field).collect()
}

#[test]
fn every_body_reads_back_from_its_message() {
    for body in bodies() {
        let stored = output(1, user_id(1), Some(project_id(1)), body, Timestamp::MIN);
        let message = render_output(Charged { output: stored.clone(), charge: None });
        let request = pb::CreateOutputRequest {
            user_id: message.user_id,
            project_id: message.project_id,
            job_id: message.job_id,
            transaction_id: String::new(),
            run: message.run,
            prompt: message.prompt,
            art_style: message.art_style,
            model: message.model,
            success: message.success,
            message: message.message,
            parameters: message.parameters,
            start_time: message.start_time,
            complete_time: message.complete_time,
            body: message.body,
        };
        assert_eq!(parse_create(request), Ok((stored.user, stored.fields)));
    }
}

#[test]
fn every_wrong_field_of_a_new_output_is_named_at_once() {
    let moment = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let file = pb::VideoFile { width: 1, duration_ms: -1, ..Default::default() };
    let source = pb::VideoSource { image_output_id: "x".to_owned(), ..Default::default() };
    let video = pb::VideoBody { files: vec![file], sources: vec![source], total: 1_001 };
    let request = pb::CreateOutputRequest {
        project_id: "p".to_owned(),
        job_id: "j".to_owned(),
        transaction_id: "t".to_owned(),
        run: Some(String::new()),
        art_style: Some("a\nb".to_owned()),
        model: Some("x".repeat(129)),
        message: Some(String::new()),
        start_time: moment(2),
        complete_time: moment(1),
        body: Some(pb::OutputBody { kind: Some(pb::output_body::Kind::Video(video)) }),
        ..Default::default()
    };
    let named = [
        "user_id",
        "project_id",
        "job_id",
        "transaction_id",
        "run",
        "prompt",
        "art_style",
        "model",
        "message",
        "complete_time",
        "body.video.files[0].asset_id",
        "body.video.files[0].duration_ms",
        "body.video.files[0].width",
        "body.video.sources[0].asset_id",
        "body.video.sources[0].image_output_id",
        "body.video.total",
    ];
    assert_eq!(fields(parse_create(request).unwrap_err()), named);
}

#[test]
fn a_body_is_of_a_known_kind() {
    let request = pb::CreateOutputRequest {
        user_id: user_id(1).to_string(),
        prompt: "p".to_owned(),
        body: Some(pb::OutputBody { kind: None }),
        ..Default::default()
    };
    assert_eq!(fields(parse_create(request.clone()).unwrap_err()), ["body.kind"]);
    let request = pb::CreateOutputRequest { body: None, ..request };
    assert_eq!(fields(parse_create(request).unwrap_err()), ["body"]);
}

#[test]
fn parts_are_not_too_many() {
    let segment = pb::Segment {
        label: "a".to_owned(),
        visual: "a".to_owned(),
        narration: "a".to_owned(),
        animation: "a".to_owned(),
    };
    let body = pb::SegmentationBody {
        concept: "c".to_owned(),
        negative_prompt: None,
        segments: vec![segment; 201],
    };
    let request = pb::CreateOutputRequest {
        user_id: user_id(1).to_string(),
        prompt: "p".to_owned(),
        body: Some(pb::OutputBody { kind: Some(pb::output_body::Kind::Segmentation(body)) }),
        ..Default::default()
    };
    let named = fields(parse_create(request).unwrap_err());
    assert_eq!(named, ["body.segmentation.segments"]);
}

#[test]
fn every_wrong_filter_is_named_at_once() {
    let request = pb::ListOutputsRequest {
        user_id: user_id(1).to_string(),
        page_size: -1,
        kinds: vec![pb::OutputKind::Image.into(), 0, 99],
        project_id: "p".to_owned(),
        model: Some(String::new()),
        ..Default::default()
    };
    let named = ["kinds[1]", "kinds[2]", "project_id", "model", "page_size"];
    assert_eq!(fields(parse_list(request, Timestamp::MIN).err().unwrap()), named);
}
