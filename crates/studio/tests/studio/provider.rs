use std::time::{Duration, Instant};

use generation::{
    Ask, AudioFormat, Call, Cancelled, Class, ConceptAsk, Failure, ImageAsk, Made, MadeFile,
    Operation, Piece, Polled, Recovered, Size, SpeechAsk, Stage, Started, VideoAsk, View,
};
use kernel::{Json, Line, Timestamp};
use ports::Provider;
use studio::speech::Engine;
use studio::{Settings, Studio, image};

fn studio() -> Studio {
    Studio::new(Settings { scripts: true, workers: 2, engine: Engine::BuiltIn })
}

fn call(ask: Ask, script: Option<&str>) -> Call {
    let script = script.map(|script| format!("{{\"studio\":{script}}}"));
    Call {
        model: "studio".to_owned(),
        ask,
        marker: "marker-1".parse::<Line<64>>().unwrap(),
        patience: Duration::from_secs(60),
        metadata: script.and_then(Json::from_normal),
    }
}

fn picture(prompt: &str) -> Ask {
    let size = Some(Size { width: 96, height: 96 });
    Ask::Image(ImageAsk { size, count: 2, ..ImageAsk::of(prompt) })
}

fn film() -> Ask {
    Ask::Video(VideoAsk {
        prompt: "a boat at sea".to_owned(),
        negative_prompt: None,
        art_style: None,
        frames: Vec::new(),
        millis: 500,
        aspect: "16:9".parse().unwrap(),
        resolution: 96,
        seed: None,
    })
}

async fn made(call: &Call) -> Made {
    match studio().start(call).await.unwrap() {
        Started::Made(made) => made,
        Started::Accepted(operation) => panic!("{operation:?}"),
    }
}

fn files(made: &Made) -> Vec<&[u8]> {
    made.pieces.iter().map(file).collect()
}

fn file(piece: &Piece) -> &[u8] {
    let Piece::File(MadeFile::Bytes(bytes)) = piece else { panic!("{piece:?}") };
    bytes
}

async fn accepted(studio: &Studio, call: &Call) -> Operation {
    match studio.start(call).await.unwrap() {
        Started::Accepted(operation) => operation,
        Started::Made(made) => panic!("{made:?}"),
    }
}

/// Asks until it is done, for at most a minute.
async fn ended(studio: &Studio, operation: &Operation) -> Result<Made, Failure> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if let Polled::Made(made) = studio.poll(operation).await? {
            return Ok(made);
        }
        tokio::task::yield_now().await;
    }
    panic!("not done within a minute");
}

#[tokio::test]
async fn pictures_are_made_at_once_and_each_is_its_own() {
    let made = made(&call(picture("a fox"), None)).await;
    let files = files(&made);
    assert_eq!(files.len(), 2);
    assert_ne!(files[0], files[1]);
    let read = image::decode(files[0]).unwrap();
    assert_eq!((read.width, read.height), (96, 96));
}

#[tokio::test]
async fn views_references_and_texts_are_made() {
    let Ask::Image(ask) = picture("a knight") else { unreachable!() };
    let view = ImageAsk { view: Some(View::Back), count: 1, ..ask.clone() };
    let made_view = made(&call(Ask::Image(view), None)).await;
    let reference = generation::Picture {
        bytes: files(&made_view)[0].to_vec(),
        media_type: "image/png".to_owned(),
    };
    for references in [vec![reference.clone()], vec![reference.clone(), reference]] {
        let edit = ImageAsk { references, prompt: "at night".to_owned(), count: 1, ..ask.clone() };
        assert_eq!(files(&made(&call(Ask::Image(edit), None)).await).len(), 1);
    }
    let idea = Ask::Concept(ConceptAsk { prompt: "tea".to_owned(), web_info: None });
    assert!(matches!(made(&call(idea, None)).await.pieces[..], [Piece::Concept(_)]));
}

#[tokio::test]
async fn a_voice_in_a_format_that_is_not_made_is_another_and_says_so() {
    let ask = |format| {
        let (text, voice, language) = ("hello".to_owned(), None, None);
        Ask::Speech(SpeechAsk { text, voice, language, speed: 100, format })
    };
    let made_flac = made(&call(ask(AudioFormat::Mp3), None)).await;
    assert!(files(&made_flac)[0].starts_with(b"fLaC") && made_flac.note.is_some());
    assert!(files(&made(&call(ask(AudioFormat::Wav), None)).await)[0].starts_with(b"RIFF"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_is_accepted_polled_and_made() {
    let studio = studio();
    let operation = accepted(&studio, &call(film(), None)).await;
    let made = ended(&studio, &operation).await.unwrap();
    assert_eq!(&files(&made)[0][4..8], b"ftyp");
    assert_eq!(studio.cancel(&operation).await.unwrap(), Cancelled::Ended);
    let lost = call(film(), None);
    let since = Timestamp::from_micros(0).unwrap();
    assert_eq!(studio.recover(&lost, since).await.unwrap(), Recovered::Found(operation));
}

#[tokio::test]
async fn what_a_restart_lost_may_be_tried_again() {
    let before = studio();
    let operation = accepted(&before, &call(film(), Some("{\"hang\":true}"))).await;
    let lost = studio().poll(&operation).await.unwrap_err();
    assert_eq!(lost.class, Class::ProviderFailed { retryable: true });
    assert_eq!(before.cancel(&operation).await.unwrap(), Cancelled::Stopped);
}

#[tokio::test]
async fn scripts_order_every_failure() {
    for (script, class) in [
        ("invalid_argument", Class::InvalidArgument),
        ("rate_limit", Class::RateLimited { retry_after: None }),
        ("quota", Class::QuotaExhausted { until: None }),
        ("auth", Class::AuthFailed),
        ("retired", Class::ModelRetired),
        ("transient", Class::Transient),
        ("ambiguous", Class::Ambiguous),
        ("failed", Class::ProviderFailed { retryable: false }),
        ("output_lost", Class::OutputLost),
    ] {
        let script = format!("{{\"fail\":\"{script}\"}}");
        let failure = studio().start(&call(picture("a cat"), Some(&script))).await.unwrap_err();
        assert_eq!(failure.class, class);
    }
    let refused =
        studio().start(&call(picture("a cat"), Some("{\"fail\":\"refuse_output\"}"))).await;
    assert!(matches!(
        refused.unwrap_err().class,
        Class::ContentRefused { stage: Stage::Output, .. }
    ));
}

#[tokio::test]
async fn scripts_spoil_what_is_made_and_stop_failing() {
    let part = made(&call(picture("a cat"), Some("{\"partial\":1}"))).await;
    assert!(part.pieces.len() == 1 && part.note.is_some());
    let garbage = made(&call(picture("a cat"), Some("{\"garbage\":true}"))).await;
    assert!(image::decode(files(&garbage)[0]).is_err());
    let half = made(&call(picture("a cat"), Some("{\"truncate\":true}"))).await;
    assert!(image::decode(files(&half)[0]).is_err());
    let once = call(picture("a cat"), Some("{\"fail\":\"failed_retryable\",\"times\":1}"));
    let studio = studio();
    assert!(studio.start(&once).await.is_err());
    assert!(studio.start(&once).await.is_ok());
}

#[tokio::test]
async fn scripts_are_nothing_where_they_are_not_allowed() {
    let studio =
        Studio::new(Settings { scripts: false, engine: Engine::BuiltIn, ..Settings::default() });
    assert!(studio.start(&call(picture("a cat"), Some("{\"fail\":\"auth\"}"))).await.is_ok());
}

#[tokio::test]
async fn what_is_too_much_is_refused() {
    let Ask::Image(ask) = picture("a cat") else { unreachable!() };
    let many = Ask::Image(ImageAsk { count: 17, ..ask.clone() });
    let size = Some(Size { width: 4_000, height: 96 });
    let large = Ask::Image(ImageAsk { size, ..ask });
    let Ask::Video(film) = film() else { unreachable!() };
    let long = Ask::Video(VideoAsk { millis: 30_001, ..film });
    for ask in [many, large, long] {
        let refused = studio().start(&call(ask, None)).await.unwrap_err();
        assert_eq!(refused.class, Class::InvalidArgument, "{refused}");
    }
}
