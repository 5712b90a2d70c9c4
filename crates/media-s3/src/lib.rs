//! The media store on S3 or whatever speaks its protocol. Nothing else sees the AWS SDK.

mod answers;

use std::time::Duration;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumMode, Delete, Object, ObjectIdentifier};
use aws_smithy_http_client::{Builder, tls};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Digest, Timestamp};
use ports::{
    ListedObject, Listing, MediaError, MediaKey, MediaObject, MediaStore, PresignedPut, UploadTerms,
};
use sha2::{Digest as _, Sha256};

use crate::answers::{found, is_behind_the_end, media_error};

/// How long one try of a request may take: a few megabytes over a slow line.
const ATTEMPT_PATIENCE: Duration = Duration::from_secs(20);

/// How long a connection may take to open.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);

/// How often the SDK tries in all. Every request here is safe to repeat.
const ATTEMPTS_MAX: u32 = 3;

/// Which bucket, and how to reach it.
#[derive(Clone)]
pub struct Config {
    /// `None` for Amazon's own.
    pub endpoint: Option<String>,
    /// The endpoint in addresses that are handed out, where callers reach it by another name.
    pub public_endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: String,
    /// Whether the bucket stands in the path, as most of those that are not Amazon's want it.
    pub path_style: bool,
}

/// One bucket.
#[derive(Clone)]
pub struct S3MediaStore {
    client: Client,
    /// Signs what is handed out. Sends nothing.
    public: Client,
    bucket: String,
}

impl S3MediaStore {
    /// Makes the client. Nothing is sent before the first call.
    pub fn new(config: Config) -> Self {
        let Config {
            endpoint,
            public_endpoint,
            region,
            bucket,
            access_key,
            secret_key,
            path_style,
        } = config;
        let http = Builder::new()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_PATIENCE)
            .operation_attempt_timeout(ATTEMPT_PATIENCE)
            .build();
        let credentials = Credentials::new(access_key, secret_key, None, None, "settings");
        let mut sdk = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(credentials)
            .force_path_style(path_style)
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX))
            .timeout_config(timeouts);
        let mut public = sdk.clone();
        public.set_endpoint_url(public_endpoint.or_else(|| endpoint.clone()));
        sdk.set_endpoint_url(endpoint);
        let client = Client::from_conf(sdk.build());
        Self { client, public: Client::from_conf(public.build()), bucket }
    }
}

#[async_trait]
impl MediaStore for S3MediaStore {
    async fn check(&self) -> Result<(), MediaError> {
        self.client.head_bucket().bucket(&self.bucket).send().await.map_err(media_error)?;
        Ok(())
    }

    async fn put(
        &self,
        key: &MediaKey,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<(), MediaError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(content_type)
            .checksum_sha256(STANDARD.encode(Sha256::digest(&bytes)))
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(media_error)?;
        Ok(())
    }

    async fn head(&self, key: &MediaKey) -> Result<Option<MediaObject>, MediaError> {
        let ask = self.client.head_object().bucket(&self.bucket).key(key.as_str());
        let asked = ask.checksum_mode(ChecksumMode::Enabled).send().await;
        let Some(found) = found(asked)? else {
            return Ok(None);
        };
        Ok(Some(MediaObject {
            bytes: u64::try_from(found.content_length().unwrap_or_default()).unwrap_or_default(),
            content_type: found.content_type().unwrap_or("application/octet-stream").to_owned(),
            // Of an object in parts it is a digest of digests, which has a dash and is none of it.
            digest: found.checksum_sha256().and_then(|text| {
                let bytes = STANDARD.decode(text).ok()?;
                bytes.try_into().ok().map(Digest::from_bytes)
            }),
        }))
    }

    async fn get(&self, key: &MediaKey, limit: u64) -> Result<Option<Vec<u8>>, MediaError> {
        let asked = self.client.get_object().bucket(&self.bucket).key(key.as_str()).send().await;
        match found(asked)? {
            Some(found) => read(found.body, limit).await.map(Some),
            None => Ok(None),
        }
    }

    async fn get_range(
        &self,
        key: &MediaKey,
        offset: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>, MediaError> {
        let Some(last) = length.checked_sub(1).map(|more| offset.saturating_add(more)) else {
            return Ok(self.head(key).await?.map(|_| Vec::new()));
        };
        let ask = self.client.get_object().bucket(&self.bucket).key(key.as_str());
        match ask.range(format!("bytes={offset}-{last}")).send().await {
            Err(error) if is_behind_the_end(&error) => Ok(Some(Vec::new())),
            asked => match found(asked)? {
                Some(found) => read(found.body, length).await.map(Some),
                None => Ok(None),
            },
        }
    }

    async fn copy(&self, from: &MediaKey, to: &MediaKey) -> Result<bool, MediaError> {
        let source = format!("{}/{from}", self.bucket);
        let copy = self.client.copy_object().bucket(&self.bucket).copy_source(source);
        Ok(found(copy.key(to.as_str()).send().await)?.is_some())
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), MediaError> {
        let asked = self.client.delete_object().bucket(&self.bucket).key(key.as_str()).send().await;
        found(asked)?;
        Ok(())
    }

    async fn delete_all(&self, keys: &[MediaKey]) -> Result<(), MediaError> {
        let refused = |error: BuildError| MediaError::Refused(Box::new(error));
        let mut delete = Delete::builder().quiet(true);
        for key in keys {
            let object = ObjectIdentifier::builder().key(key.as_str()).build().map_err(refused)?;
            delete = delete.objects(object);
        }
        let delete = delete.build().map_err(refused)?;
        let ask = self.client.delete_objects().bucket(&self.bucket).delete(delete);
        let answer = ask.send().await.map_err(media_error)?;
        match answer.errors().iter().find(|error| error.code() != Some("NoSuchKey")) {
            Some(error) => Err(MediaError::Unavailable(
                format!("an object stays: {}", error.code().unwrap_or("no reason")).into(),
            )),
            None => Ok(()),
        }
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<String>,
        limit: u16,
    ) -> Result<Listing, MediaError> {
        let ask = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix);
        let ask = ask.set_start_after(after).max_keys(limit.into());
        let answer = ask.send().await.map_err(media_error)?;
        let truncated = answer.is_truncated() == Some(true);
        let found = answer.contents();
        let last = found.last().and_then(|object| object.key()).map(str::to_owned);
        Ok(Listing {
            objects: found.iter().filter_map(listed).collect(),
            next: last.filter(|_| truncated),
        })
    }

    async fn presign_get(
        &self,
        key: &MediaKey,
        valid: Duration,
        file_name: Option<String>,
    ) -> Result<String, MediaError> {
        let disposition = file_name.map(|name| attachment(&name));
        let request = self.public.get_object().bucket(&self.bucket).key(key.as_str());
        let request = request.set_response_content_disposition(disposition);
        let presigned = request.presigned(lasting(valid)?).await.map_err(media_error)?;
        Ok(presigned.uri().to_owned())
    }

    async fn presign_put<'a>(
        &self,
        key: &MediaKey,
        terms: UploadTerms<'a>,
        valid: Duration,
    ) -> Result<PresignedPut, MediaError> {
        let UploadTerms { bytes, content_type, digest } = terms;
        let length = i64::try_from(bytes).map_err(|error| MediaError::Refused(Box::new(error)))?;
        let request = self.public.put_object().bucket(&self.bucket).key(key.as_str());
        let request = request
            .content_length(length)
            .content_type(content_type)
            .checksum_sha256(STANDARD.encode(digest.as_bytes()));
        let presigned = request.presigned(lasting(valid)?).await.map_err(media_error)?;
        let headers = presigned.headers().filter(|(name, _)| *name != "content-length");
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(PresignedPut { url: presigned.uri().to_owned(), headers })
    }
}

/// Counted while it arrives: what the store says of the length is not what it sends.
async fn read(mut body: ByteStream, limit: u64) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    let unavailable = |error| MediaError::Unavailable(Box::new(error));
    while let Some(chunk) = body.try_next().await.map_err(unavailable)? {
        let length = u64::try_from(bytes.len() + chunk.len()).unwrap_or(u64::MAX);
        if length > limit {
            return Err(MediaError::TooLarge { limit });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn listed(object: &Object) -> Option<ListedObject> {
    let micros = object.last_modified()?.as_nanos() / 1_000;
    Some(ListedObject {
        key: object.key()?.parse().ok()?,
        bytes: u64::try_from(object.size().unwrap_or_default()).unwrap_or_default(),
        modified_at: i64::try_from(micros).ok().and_then(Timestamp::from_micros)?,
    })
}

fn lasting(valid: Duration) -> Result<PresigningConfig, MediaError> {
    PresigningConfig::expires_in(valid).map_err(|error| MediaError::Refused(Box::new(error)))
}

/// What makes browsers save a file under a name in any script: RFC 6266.
fn attachment(name: &str) -> String {
    let mut text = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
