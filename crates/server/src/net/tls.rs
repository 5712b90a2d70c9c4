//! TLS by rustls: certificates from PEM files that are read again when they change.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::status::Chain;

/// Where the certificates are.
#[derive(Debug, Clone)]
pub struct TlsOptions {
    /// The server's chain, its own certificate first.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// If given, callers must show a certificate of one of these authorities.
    pub client_ca: Option<PathBuf>,
    /// How often the files are looked at.
    pub reload_interval: Duration,
}

impl TlsOptions {
    pub fn new(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self {
            certificate: certificate.into(),
            key: key.into(),
            client_ca: None,
            // 10 s: renewed certificates are put in place days before the old ones end.
            reload_interval: Duration::from_secs(10),
        }
    }
}

/// The files do not make a TLS server.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{} cannot be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is not in the PEM format that is expected", path.display())]
    Pem { path: PathBuf, source: rustls::pki_types::pem::Error },
    #[error("{} holds no certificate", path.display())]
    Empty { path: PathBuf },
    #[error("certificate and key do not make a TLS server")]
    Config(#[source] rustls::Error),
    #[error("the client authorities cannot be used")]
    ClientCa(#[source] VerifierBuilderError),
}

/// The present certificates.
#[derive(Debug)]
pub struct Tls {
    options: TlsOptions,
    present: RwLock<Arc<ServerConfig>>,
}

/// What the files held. Compared whole: a renewed file may have the old one's time and size.
#[derive(PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
    client_ca: Option<Vec<u8>>,
}

impl Tls {
    /// Reads the files, and keeps reading them for as long as the value is held.
    pub async fn load(options: TlsOptions) -> Result<Arc<Self>, TlsError> {
        let files = read(&options).await?;
        let config = config(&options, &files)?;
        let tls = Arc::new(Self { options, present: RwLock::new(Arc::new(config)) });
        tokio::spawn(reload(Arc::downgrade(&tls), files));
        Ok(tls)
    }

    /// An acceptor with the certificates of this moment.
    pub fn acceptor(&self) -> TlsAcceptor {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&present))
    }

    fn replace(&self, files: &Files) -> Result<(), TlsError> {
        let config = Arc::new(config(&self.options, files)?);
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }
}

async fn reload(tls: std::sync::Weak<Tls>, mut last: Files) {
    loop {
        let Some(interval) = tls.upgrade().map(|tls| tls.options.reload_interval) else { return };
        tokio::time::sleep(interval).await;
        let Some(tls) = tls.upgrade() else { return };
        let files = match read(&tls.options).await {
            Ok(files) if files == last => continue,
            Ok(files) => files,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "the certificates stay as they were");
                continue;
            }
        };
        match tls.replace(&files) {
            Ok(()) => tracing::info!("the certificates have been replaced"),
            // Files are written one after the other: for a moment they may not fit together.
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "the certificates stay as they were");
            }
        }
        last = files;
    }
}

async fn read(options: &TlsOptions) -> Result<Files, TlsError> {
    let read = async |path: &PathBuf| {
        tokio::fs::read(path).await.map_err(|source| TlsError::Read { path: path.clone(), source })
    };
    Ok(Files {
        certificate: read(&options.certificate).await?,
        key: read(&options.key).await?,
        client_ca: match &options.client_ca {
            Some(path) => Some(read(path).await?),
            None => None,
        },
    })
}

fn config(options: &TlsOptions, files: &Files) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = certificates(&options.certificate, &files.certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&files.key)
        .map_err(|source| TlsError::Pem { path: options.key.clone(), source })?;
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Config)?;
    let builder = match (&options.client_ca, &files.client_ca) {
        (Some(path), Some(pem)) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(path, pem)? {
                roots.add(certificate).map_err(TlsError::Config)?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .map_err(TlsError::ClientCa)?;
            builder.with_client_cert_verifier(verifier)
        }
        (None, _) | (Some(_), None) => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key).map_err(TlsError::Config)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|source| TlsError::Pem { path: path.to_owned(), source })?;
    if certificates.is_empty() {
        return Err(TlsError::Empty { path: path.to_owned() });
    }
    Ok(certificates)
}
