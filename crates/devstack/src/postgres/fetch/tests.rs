//! Downloads of a tiny archive from a local server, good and bad.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use lzma_rust2::{XzOptions, XzWriter};
use zip::write::SimpleFileOptions;

use super::*;

/// A jar whose `postgres` is a script that knows its version.
fn jar(script: &str) -> Vec<u8> {
    let mut tree = tar::Builder::new(Vec::new());
    for program in ["bin/postgres", "bin/initdb"] {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o755);
        header.set_size(script.len() as u64);
        tree.append_data(&mut header, program, script.as_bytes()).unwrap();
    }
    let mut txz = XzWriter::new(Vec::new(), XzOptions::with_preset(1)).unwrap();
    txz.write_all(&tree.into_inner().unwrap()).unwrap();
    let mut jar = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    jar.start_file("META-INF/MANIFEST.MF", SimpleFileOptions::default()).unwrap();
    jar.start_file("postgres.txz", SimpleFileOptions::default()).unwrap();
    jar.write_all(&txz.finish().unwrap()).unwrap();
    jar.finish().unwrap().into_inner()
}

const SCRIPT: &str = "#!/bin/sh\necho 'postgres (PostgreSQL) 18.6'\n";

/// Serves `body` to whoever connects, announcing `length`, and counts the requests.
fn serve(body: Vec<u8>, length: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    (base, count)
}

struct Cache(PathBuf);

impl Cache {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("fetch-{name}-{}", std::process::id())))
    }

    fn fetch(&self, base: &str) -> Fetch {
        Fetch { cache: self.0.clone(), repository: base.to_owned(), progress: false }
    }

    fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn archive(base: &str, sha256: &[u8]) -> Archive {
    Archive {
        url: format!("{base}/tiny.jar"),
        sha256: hex::encode(sha256),
        name: "postgres-tiny".to_owned(),
    }
}

#[test]
fn a_good_archive_is_unpacked_and_fetched_only_once_by_many() {
    let jar = jar(SCRIPT);
    let sum = Sha256::digest(&jar);
    let (base, count) = serve(jar.clone(), jar.len());
    let cache = Cache::new("good");
    let bring = || cache.fetch(&base).bring(&archive(&base, &sum)).unwrap();
    let found = thread::scope(|scope| {
        let all = [scope.spawn(bring), scope.spawn(bring), scope.spawn(bring)];
        all.map(|one| one.join().unwrap())
    });
    assert!(found.iter().all(|one| one.major() == 18 && *one == found[0]));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let mut entries = cache.entries();
    entries.sort();
    assert_eq!(entries, ["lock", "postgres-tiny"]);
}

#[test]
fn an_archive_with_another_checksum_is_not_unpacked() {
    let jar = jar(SCRIPT);
    let (base, _) = serve(jar.clone(), jar.len());
    let cache = Cache::new("checksum");
    let error = cache.fetch(&base).bring(&archive(&base, &[7; 32])).unwrap_err();
    assert!(matches!(error, Error::Checksum { .. }), "{error}");
    assert_eq!(cache.entries(), ["lock"]);
}

#[test]
fn a_cut_download_is_an_error_and_leaves_nothing() {
    let jar = jar(SCRIPT);
    let sum = Sha256::digest(&jar);
    let (base, _) = serve(jar[..jar.len() / 2].to_vec(), jar.len());
    let cache = Cache::new("cut");
    let error = cache.fetch(&base).bring(&archive(&base, &sum)).unwrap_err();
    assert!(matches!(error, Error::Download { .. }), "{error}");
    assert_eq!(cache.entries(), ["lock"]);
}

#[test]
fn an_archive_that_is_none_or_does_not_run_is_told_apart() {
    let cache = Cache::new("none");
    let body = b"not a zip".to_vec();
    let sum = Sha256::digest(&body);
    let (base, _) = serve(body.clone(), body.len());
    let error = cache.fetch(&base).bring(&archive(&base, &sum)).unwrap_err();
    assert!(matches!(error, Error::Unpack { .. }), "{error}");

    let jar = jar("#!/no/such/loader\n");
    let sum = Sha256::digest(&jar);
    let (base, _) = serve(jar.clone(), jar.len());
    let error = cache.fetch(&base).bring(&archive(&base, &sum)).unwrap_err();
    assert!(matches!(error, Error::Unusable { .. }), "{error}");
}

#[test]
fn a_repository_that_is_not_there_is_a_download_error() {
    let cache = Cache::new("absent");
    let error = cache.fetch("http://127.0.0.1:9").run().unwrap_err();
    assert!(matches!(error, Error::Download { .. }), "{error}");
}
