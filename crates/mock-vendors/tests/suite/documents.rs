//! The commands of docs/mock-vendors.md, run as they stand there.

use std::process::Command;

use super::client::Mock;

#[test]
fn every_command_of_the_document_works() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mock-vendors.md");
    let text = std::fs::read_to_string(path).expect("the document is there");
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let commands: Vec<&str> = blocks.filter(|block| block.contains("curl ")).collect();
    assert!(commands.len() >= 8, "one for each vendor and some for the script");
    let mock = Mock::start();
    let here = mock.url("").trim_start_matches("http://").to_owned();
    for command in commands {
        let command = command.replace("127.0.0.1:7480", &here);
        let output = Command::new("sh").args(["-ec", &command]).output().expect("sh runs");
        let out = String::from_utf8_lossy(&output.stdout);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !out.is_empty(), "{command}\n{out}\n{err}");
    }
}
