use std::io::Cursor;

use studio::Work;
use studio::speech::{self, Engine, Sound, SoundFormat, SpeechOrder, VOICES};

const TEXT: &str = "Hello, this is the studio. Can you hear 24 birds?";

fn order() -> SpeechOrder {
    SpeechOrder {
        text: TEXT.to_owned(),
        voice: None,
        language: None,
        speed: 100,
        format: SoundFormat::Wav,
        engine: Engine::BuiltIn,
    }
}

fn speak(order: &SpeechOrder) -> Sound {
    speech::make(order, &Work::default()).unwrap()
}

fn samples(sound: &Sound) -> Vec<i16> {
    let mut reader = hound::WavReader::new(Cursor::new(&sound.bytes)).unwrap();
    assert_eq!((reader.spec().channels, reader.spec().sample_rate), (1, sound.rate));
    reader.samples::<i16>().map(Result::unwrap).collect()
}

#[test]
fn a_voice_sounds_as_long_as_it_says() {
    let sound = speak(&order());
    let samples = samples(&sound);
    assert_eq!(sound.engine, "builtin");
    assert_eq!(samples.len() as u64 * 1_000 / u64::from(sound.rate), u64::from(sound.millis));
    assert!((2_000..7_000).contains(&sound.millis), "{} ms", sound.millis);
    let loud = samples.iter().filter(|sample| sample.unsigned_abs() > 2_000).count();
    assert!(loud > samples.len() / 20, "{loud} of {} are loud", samples.len());
}

#[test]
fn flac_holds_the_same_samples() {
    let wav = samples(&speak(&order()));
    let flac = speak(&SpeechOrder { format: SoundFormat::Flac, ..order() });
    let mut reader = claxon::FlacReader::new(Cursor::new(&flac.bytes)).unwrap();
    assert_eq!(reader.streaminfo().sample_rate, flac.rate);
    let read: Vec<i32> = reader.samples().map(Result::unwrap).collect();
    assert!(read.iter().copied().eq(wav.iter().map(|sample| i32::from(*sample))));
    assert!(flac.bytes.len() < wav.len() * 2, "nothing is saved");
}

#[test]
fn voices_differ_and_repeat() {
    let of = |voice: &str| speak(&SpeechOrder { voice: Some(voice.to_owned()), ..order() });
    let all: Vec<Sound> = VOICES.into_iter().chain(["some-other-id"]).map(of).collect();
    for (at, one) in all.iter().enumerate() {
        assert!(all[..at].iter().all(|other| other.bytes != one.bytes), "voice {at}");
    }
    assert_eq!(of("alto"), of("alto"));
}

#[test]
fn speed_and_length_go_together() {
    let of = |speed: u16| speak(&SpeechOrder { speed, ..order() }).millis;
    assert!(of(200) * 3 < of(100) * 2 && of(100) * 3 < of(50) * 2);
    let longer = speak(&SpeechOrder { text: format!("{TEXT} {TEXT}"), ..order() });
    assert!(longer.millis > speak(&order()).millis * 3 / 2);
}

#[test]
fn what_the_machine_has_speaks_too() {
    let sound = speak(&SpeechOrder { engine: Engine::Any, ..order() });
    println!("spoken by {}", sound.engine);
    assert!(samples(&sound).iter().any(|sample| sample.unsigned_abs() > 2_000));
}

#[test]
fn nothing_cannot_be_said() {
    let empty = SpeechOrder { text: " … ".to_owned(), ..order() };
    assert!(speech::make(&empty, &Work::default()).is_err());
    let endless = SpeechOrder { text: "a ".repeat(5_001), ..order() };
    assert!(speech::make(&endless, &Work::default()).is_err());
}
