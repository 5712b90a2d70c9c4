//! Synthesisers of the machine: found on the path, run as processes of their own, told the text on
//! their input. They are neither linked nor required.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Samples, SpeechOrder, Voice, wav};
use crate::cancel::Work;
use crate::error::StudioError;

/// How long one may speak: ten thousand characters took two seconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// What one may say: an hour of sound.
const BYTES_MAX: u64 = 180 * 1024 * 1024;

fn found(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Speaks by the first synthesiser that is there and works.
pub(super) fn speak(
    order: &SpeechOrder,
    voice: Voice,
    work: &Work,
) -> Result<Option<(&'static str, Samples)>, StudioError> {
    if let Some(path) = found("espeak-ng") {
        let mut command = Command::new(path);
        let language = order.language.as_deref().filter(|language| plain(language)).unwrap_or("en");
        let kind = if voice.breath > 0.5 {
            "+whisper"
        } else if voice.pitch > 150.0 {
            "+f3"
        } else {
            "+m3"
        };
        let words = (165.0 * voice.rate).clamp(80.0, 450.0) as u32;
        let pitch = ((voice.pitch - 70.0) / 2.4).clamp(5.0, 95.0) as u32;
        command.args(["--stdin", "--stdout", "-v", &format!("{}{kind}", language.to_lowercase())]);
        command.args(["-s", &words.to_string(), "-p", &pitch.to_string()]);
        if let Some(samples) = run(command, &order.text, work)? {
            return Ok(Some(("espeak-ng", samples)));
        }
    }
    let english = order.language.as_deref().is_none_or(|language| language.starts_with("en"));
    if english && let Some(path) = found("flite") {
        let mut command = Command::new(path);
        let name = if voice.pitch > 150.0 { "slt" } else { "rms" };
        let stretch = format!("duration_stretch={:.2}", 1.0 / voice.rate);
        command.args(["-voice", name, "--setf", &stretch, "-o", "/dev/stdout"]);
        if let Some(samples) = run(command, &order.text, work)? {
            return Ok(Some(("flite", samples)));
        }
    }
    Ok(None)
}

fn plain(language: &str) -> bool {
    language.len() <= 12
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Runs one to its end. `None` if it does not work here, which is no failure: we can speak.
fn run(mut command: Command, text: &str, work: &Work) -> Result<Option<Samples>, StudioError> {
    let spawned =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = spawned else { return Ok(None) };
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let text = text.to_owned();
    let write = std::thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(text.as_bytes())));
    let read = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.map(|pipe| pipe.take(BYTES_MAX).read_to_end(&mut bytes)).transpose().map(|_| bytes)
    });
    let ended = wait(&mut child, work);
    if !matches!(ended, Ok(true)) {
        // It may have ended by itself in between.
        child.kill().and_then(|()| child.wait().map(drop)).or_else(|_| child.wait().map(drop)).ok();
    }
    // The pipes are closed by now, so neither thread waits.
    let written = write.join().ok().flatten().is_some_and(|done| done.is_ok());
    let bytes = read.join().ok().and_then(Result::ok).unwrap_or_default();
    let good = ended?;
    Ok(wav::read(&bytes).filter(|samples| good && written && !samples.samples.is_empty()))
}

/// Whether it ended well within our patience.
fn wait(child: &mut Child, work: &Work) -> Result<bool, StudioError> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        work.check()?;
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => return Ok(false),
        }
    }
    Ok(false)
}
