//! What is told of each request that came, and the script of what is to come.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One request, as it was received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Counts from 1 in the order of arrival.
    pub number: u64,
    /// The vendor's name, or `elsewhere` for the host that redirects lead to.
    pub vendor: String,
    /// What was asked for; `unknown` if there is nothing at the path.
    pub operation: String,
    pub method: String,
    pub path: String,
    /// The first bytes of the SHA-256 of the key that came, in whichever header.
    pub key: Option<String>,
    /// The headers that matter.
    pub headers: BTreeMap<String, String>,
    /// The JSON or the form; of a file its name, length and SHA-256.
    pub body: Value,
    /// The scenarios that applied.
    pub scenarios: Vec<String>,
    /// What the call brought into being, told or not.
    pub created: Option<String>,
    /// The status of the answer; `None` while there is none, or if the connection was cut.
    pub status: Option<u16>,
}

impl Call {
    /// How [`Self::key`] tells a key.
    pub fn fingerprint(key: &str) -> String {
        let digest = Sha256::digest(key.as_bytes());
        hex::encode(digest.get(..6).unwrap_or_default())
    }
}

/// What the next calls answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub vendor: String,
    /// All operations of the vendor, if absent.
    #[serde(default)]
    pub operation: Option<String>,
    /// Scenarios as words without brackets, with spaces in between.
    pub answer: String,
    /// How many calls; one if absent.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}
