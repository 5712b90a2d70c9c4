//! What `atelier dev` tells people and programs once everything answers.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;

use super::stack::write_private;
use crate::commands::Failure;

/// Where everything is. The ready file has these fields.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    /// Host and port.
    pub(super) grpc: String,
    pub(super) admin: String,
    pub(super) s3: String,
    pub(super) database_url: String,
    /// Has all scopes.
    pub(super) api_key: String,
    pub(super) pid: u32,
}

pub(super) fn write_ready_file(path: &Path, facts: &Facts) -> Result<(), Failure> {
    let json = serde_json::to_vec_pretty(facts)
        .map_err(|error| Failure::because("the ready file cannot be made", &error))?;
    write_private(path, &json)
        .map_err(|error| Failure::because(&format!("{} cannot be written", path.display()), &error))
}

pub(super) fn remove_ready_file(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::because(&format!("{} cannot be removed", path.display()), &error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Addresses, the key, what is kept where, and two calls to paste.
pub(super) fn text(facts: &Facts, folder: &Path, (issuer, subject): (&str, &str)) -> String {
    let Facts { grpc, admin, s3, database_url, api_key, pid: _ } = facts;
    let folder = folder.display();
    let call = format!(r#"{{"identity": {{"issuer": "{issuer}", "subject": "{subject}"}}}}"#);
    let method = "atelier.users.v1.UserService/GetUserByIdentity";
    format!(
        r#"
Atelier is ready, for this machine alone. Ctrl-C stops it; what it keeps stays.

  gRPC       {grpc}
  admin      {admin}/readyz  {admin}/metrics
  S3         {s3}  (keys in {folder}/s3-secret)
  Postgres   {database_url}
  API key    {api_key}

Users, credits and keys are kept in {folder}/postgres, objects in {folder}/s3.
Delete {folder} to start over.

A first call, which reads the demo user:

  grpcurl -plaintext -H 'authorization: Bearer {api_key}' \
    -d '{call}' \
    {grpc} {method}

  buf curl --protocol grpc --http2-prior-knowledge -H 'authorization: Bearer {api_key}' \
    -d '{call}' \
    http://{grpc}/{method}

What else there is:

  grpcurl -plaintext {grpc} list
"#
    )
}
