//! Bringing Postgres to a machine that has none: one archive, pinned by its checksum.
//!
//! The archive is a jar: a zip that holds one `.txz` with the tree of an installation.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lzma_rust2::XzReader;
use sha2::{Digest, Sha256};
use ureq::Body;
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};

use super::binaries::{OLDEST_MAJOR, inspect};
use super::{Binaries, Error, initdb};
use crate::account::Account;

/// The public repository that the archives come from.
pub const MAVEN_CENTRAL: &str = "https://repo1.maven.org/maven2";

const VERSION: &str = "18.6.0";
pub(super) const MAJOR: u32 = 18;

/// The system and the machine as Rust names them, the archive's name for them, and its SHA-256.
const ARCHIVES: [(&str, &str, &str, &str); 4] = [
    (
        "linux",
        "x86_64",
        "linux-amd64",
        "008ee189eaa7ca2b58bd01dd950291e638b998392cf982297acd4779ec898ac1",
    ),
    (
        "linux",
        "aarch64",
        "linux-arm64v8",
        "5f54e016723afa6213925a8acb939bac52944b1d348f65c7a20f0cd2928c31be",
    ),
    (
        "macos",
        "x86_64",
        "darwin-amd64",
        "690941008aac9ee360820fde9bb7870a4f3dcac5e9e2f9e45e42333a436ad0f9",
    ),
    (
        "macos",
        "aarch64",
        "darwin-arm64v8",
        "8f6ed6f38195b50a40712ada8b2a12060b6193c1a6977a6eb5cff053bb5a1b89",
    ),
];

/// The largest archive is 71 MB. What is longer is not the archive.
const SIZE_MAX: u64 = 256 << 20;

const CONNECT_PATIENCE: Duration = Duration::from_secs(15);
/// 71 MB at 1 Mbit/s take ten minutes.
const DOWNLOAD_PATIENCE: Duration = Duration::from_secs(20 * 60);

const BAR_WIDTH: u64 = 30;

/// A download of Postgres, done at most once per cache folder.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// Where installations are kept.
    pub cache: PathBuf,
    /// The base URL of a Maven repository, such as [`MAVEN_CENTRAL`].
    pub repository: String,
    /// Whether to tell the progress on stderr: a bar on a terminal, else two lines.
    pub progress: bool,
}

struct Archive {
    url: String,
    sha256: String,
    name: String,
}

impl Fetch {
    pub fn new(cache: PathBuf) -> Self {
        Self { cache, repository: MAVEN_CENTRAL.to_owned(), progress: true }
    }

    /// What was fetched into this cache before.
    pub(super) fn kept(&self) -> Option<Binaries> {
        let archive = self.archive().ok()?;
        inspect(&crate::account::placed(&self.cache).join(archive.name).join("bin"))
    }

    pub(super) fn run(&self) -> Result<Binaries, Error> {
        self.bring(&self.archive()?)
    }

    fn archive(&self) -> Result<Archive, Error> {
        let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
        let found = ARCHIVES.iter().find(|(os, arch, ..)| *os == system && *arch == machine);
        let Some((_, _, name, sha256)) = found else {
            let platform = format!("{system} on {machine}");
            return Err(Error::NoDownload { platform, oldest: OLDEST_MAJOR });
        };
        let artifact = format!("embedded-postgres-binaries-{name}");
        let base = self.repository.trim_end_matches('/');
        Ok(Archive {
            url: format!(
                "{base}/io/zonky/test/postgres/{artifact}/{VERSION}/{artifact}-{VERSION}.jar"
            ),
            sha256: (*sha256).to_owned(),
            name: format!("postgres-{VERSION}-{name}"),
        })
    }

    /// Several processes may call this at once: one downloads, the others wait and find it there.
    fn bring(&self, archive: &Archive) -> Result<Binaries, Error> {
        let account = Account::find().map_err(Error::io("read the users of", "/etc/passwd"))?;
        let account = account.ok_or(Error::NoAccount)?;
        let cache = account.place(&self.cache).map_err(Error::io("prepare", &self.cache))?;
        let lock_path = cache.join("lock");
        let lock = File::create(&lock_path).map_err(Error::io("open", &lock_path))?;
        lock.lock().map_err(Error::io("lock", &lock_path))?;

        let folder = cache.join(&archive.name);
        if let Some(found) = inspect(&folder.join("bin")) {
            return Ok(found);
        }
        // Under the lock, so what lies here was left by a process that was killed.
        let work = cache.join(format!("{}.new", archive.name));
        initdb::remove(&work).map_err(Error::io("remove", &work))?;
        fs::create_dir(&work).map_err(Error::io("create", &work))?;
        let unpacked = self.download(archive, &work).and_then(|mut jar| {
            unpack(&mut jar, &work.join("tree"))
                .map_err(|source| Error::Unpack { url: archive.url.clone(), source })
        });
        let moved = unpacked.and_then(|()| {
            initdb::remove(&folder).map_err(Error::io("remove", &folder))?;
            fs::rename(work.join("tree"), &folder).map_err(Error::io("move to", &folder))
        });
        let cleaned = initdb::remove(&work).map_err(Error::io("remove", &work));
        moved.and(cleaned)?;
        inspect(&folder.join("bin")).ok_or(Error::Unusable { folder })
    }

    fn download(&self, archive: &Archive, work: &Path) -> Result<File, Error> {
        let url = &archive.url;
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| Error::Download {
            url: url.clone(),
            source,
        };
        let mut progress = Progress::new(self.progress, url);
        // The system's certificates know a company's proxy; a bare container has none at all.
        let response = request(url, RootCerts::PlatformVerifier)
            .or_else(|error| request(url, RootCerts::WebPki).map_err(|_| error))
            .map_err(|error| failed(Box::new(error)))?;
        let total = response.body().content_length();
        let path = work.join("archive.jar");
        let mut file = File::options()
            .create_new(true)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(Error::io("create", &path))?;
        let mut body = response.into_body().into_reader().take(SIZE_MAX);
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 << 10];
        loop {
            let length = body.read(&mut buffer).map_err(|error| failed(Box::new(error)))?;
            if length == 0 {
                break;
            }
            hash.update(&buffer[..length]);
            file.write_all(&buffer[..length]).map_err(Error::io("write", &path))?;
            progress.add(length as u64, total);
        }
        progress.end();
        let actual = hex::encode(hash.finalize());
        if actual != archive.sha256 {
            return Err(Error::Checksum { url: url.clone(), actual });
        }
        file.rewind().map_err(Error::io("read", &path))?;
        Ok(file)
    }
}

fn request(url: &str, roots: RootCerts) -> Result<Response<Body>, ureq::Error> {
    let config = ureq::Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .timeout_connect(Some(CONNECT_PATIENCE))
        .timeout_global(Some(DOWNLOAD_PATIENCE))
        .build();
    config.new_agent().get(url).call()
}

fn unpack(jar: &mut File, tree: &Path) -> io::Result<()> {
    let mut zip = zip::ZipArchive::new(jar)?;
    let is_tree = |name: &Cow<'_, str>| name.ends_with(".txz");
    let name = zip.file_names().filter_map(Result::ok).find(is_tree).map(Cow::into_owned);
    let name = name.ok_or_else(|| io::Error::other("it holds no .txz"))?;
    let inner = io::BufReader::new(zip.by_name(&name)?);
    tar::Archive::new(XzReader::new(inner, true)).unpack(tree)
}

/// What a user sees of a download. A stderr that cannot be written to is no reason to fail.
struct Progress {
    shown: bool,
    is_terminal: bool,
    done: u64,
    percent: Option<u64>,
}

impl Progress {
    fn new(shown: bool, url: &str) -> Self {
        let is_terminal = io::stderr().is_terminal();
        if shown {
            writeln!(io::stderr(), "Downloading PostgreSQL {VERSION} from {url}").ok();
        }
        Self { shown, is_terminal, done: 0, percent: None }
    }

    fn add(&mut self, length: u64, total: Option<u64>) {
        self.done += length;
        let Some(total) = total.filter(|total| *total > 0) else { return };
        let percent = (self.done * 100 / total).min(100);
        if !self.shown || !self.is_terminal || self.percent == Some(percent) {
            return;
        }
        self.percent = Some(percent);
        let full = "#".repeat(usize::try_from(percent * BAR_WIDTH / 100).unwrap_or_default());
        let width = usize::try_from(BAR_WIDTH).unwrap_or_default();
        let (done, total) = (self.done >> 20, total >> 20);
        write!(io::stderr(), "\r[{full:width$}] {percent:3}% {done}/{total} MiB").ok();
    }

    fn end(&self) {
        if self.shown && self.is_terminal {
            writeln!(io::stderr()).ok();
        } else if self.shown {
            writeln!(io::stderr(), "Downloaded {} bytes", self.done).ok();
        }
    }
}

#[cfg(test)]
mod tests;
