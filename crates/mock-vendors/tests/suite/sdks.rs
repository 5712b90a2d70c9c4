//! The vendors' official Python clients against the mock. Needs the network, once, to install them.

use std::path::{Path, PathBuf};
use std::process::Command;

use mock_vendors::{MockVendors, Vendor};

/// The versions that the scripts were written against.
const PACKAGES: [&str; 7] = [
    "google-genai==3.4.0",
    "openai==3.54.0",
    "fal-client==1.0.3",
    "replicate==1.0.7",
    "elevenlabs==2.78.0",
    "tavily-python==0.8.5",
    // No vendor's: it decodes their pictures.
    "pillow==13.0.0",
];

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().expect("python3 is installed");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

// Under the target folder, so that it is made once and goes with it.
fn python() -> PathBuf {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mock-sdks");
    let python = venv.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv)).expect("a venv is made");
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(&python).args(install).args(PACKAGES)).expect("the clients are installed");
    python
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a package registry: just mock-sdks"]
async fn the_official_clients_understand_the_mock() {
    let python = python();
    let mock = MockVendors::start().await.unwrap();
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdks");
    let mut failures = Vec::new();
    let sdks = Vendor::ALL.map(|vendor| (vendor, format!("sdk_{vendor}.py")));
    let all = sdks.into_iter().chain([(Vendor::Openai, "media.py".to_owned())]);
    for (vendor, name) in all {
        let script = scripts.join(&name);
        mock.reset();
        let mut command = Command::new(&python);
        command.arg(&script).env("MOCK_URL", mock.url(vendor)).env("MOCK_KEY", vendor.key());
        command.env("MOCK", format!("http://{}", mock.address()));
        // Nothing is left beside the scripts.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        let ran = tokio::task::spawn_blocking(move || run(&mut command)).await.unwrap();
        failures.extend(ran.err().map(|why| format!("{name}: {why}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
