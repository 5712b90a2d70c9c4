//! The media store on S3 or whatever speaks its protocol. Nothing else sees the AWS SDK.

use std::time::Duration;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_http_client::{Builder, tls};
use ports::{MediaError, MediaKey, MediaObject, MediaStore};

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
    bucket: String,
}

impl S3MediaStore {
    /// Makes the client. Nothing is sent before the first call.
    pub fn new(config: Config) -> Self {
        let Config { endpoint, region, bucket, access_key, secret_key, path_style } = config;
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
        sdk.set_endpoint_url(endpoint);
        Self { client: Client::from_conf(sdk.build()), bucket }
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
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(media_error)?;
        Ok(())
    }

    async fn head(&self, key: &MediaKey) -> Result<Option<MediaObject>, MediaError> {
        let asked = self.client.head_object().bucket(&self.bucket).key(key.as_str()).send().await;
        let Some(found) = found(asked)? else {
            return Ok(None);
        };
        Ok(Some(MediaObject {
            bytes: u64::try_from(found.content_length().unwrap_or_default()).unwrap_or_default(),
            content_type: found.content_type().unwrap_or("application/octet-stream").to_owned(),
        }))
    }

    async fn get(&self, key: &MediaKey, limit: u64) -> Result<Option<Vec<u8>>, MediaError> {
        let asked = self.client.get_object().bucket(&self.bucket).key(key.as_str()).send().await;
        let Some(mut found) = found(asked)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let unavailable = |error| MediaError::Unavailable(Box::new(error));
        // Counted while it arrives: what the store says of the length is not what it sends.
        while let Some(chunk) = found.body.try_next().await.map_err(unavailable)? {
            let length = u64::try_from(bytes.len() + chunk.len()).unwrap_or(u64::MAX);
            if length > limit {
                return Err(MediaError::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), MediaError> {
        let asked = self.client.delete_object().bucket(&self.bucket).key(key.as_str()).send().await;
        found(asked)?;
        Ok(())
    }

    async fn presign_get(&self, key: &MediaKey, valid: Duration) -> Result<String, MediaError> {
        let config = PresigningConfig::expires_in(valid)
            .map_err(|error| MediaError::Refused(Box::new(error)))?;
        let request = self.client.get_object().bucket(&self.bucket).key(key.as_str());
        let presigned = request.presigned(config).await.map_err(media_error)?;
        Ok(presigned.uri().to_owned())
    }
}

/// The answer, or `None` where there is no such object.
fn found<T, E, R>(answer: Result<T, SdkError<E, R>>) -> Result<Option<T>, MediaError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some("NoSuchKey" | "NotFound") => Ok(None),
            Some(_) | None => Err(media_error(error)),
        },
    }
}

fn media_error<E, R>(error: SdkError<E, R>) -> MediaError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let busy = ["InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout"];
    let refused = error
        .as_service_error()
        .is_some_and(|service| !service.code().is_some_and(|code| busy.contains(&code)));
    if refused {
        MediaError::Refused(Box::new(error))
    } else {
        MediaError::Unavailable(Box::new(error))
    }
}
