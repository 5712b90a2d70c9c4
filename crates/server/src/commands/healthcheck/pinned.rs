//! TLS to the one server whose certificate is at hand.
//!
//! A health check runs beside its server and dials an address that no certificate names, so it
//! compares the certificate with the configured file and asks no authority.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};

type Failed = Box<dyn Error + Send + Sync>;

/// Trusts the first certificate of the PEM file `server` and nothing else; presents the
/// certificate and key of `client` if the server asks.
pub(super) fn client_config(
    server: &Path,
    client: Option<(&Path, &Path)>,
) -> Result<ClientConfig, Failed> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let expected = chain(server)?.into_iter().next().ok_or("the file has no certificate")?;
    let verifier = Pinned { expected, provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match client {
        Some((cert, key)) => {
            config.with_client_auth_cert(chain(cert)?, PrivateKeyDer::from_pem_file(key)?)?
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failed> {
    let certificates = CertificateDer::pem_file_iter(path)?;
    certificates.map(|certificate| certificate.map_err(Into::into)).collect()
}

#[derive(Debug)]
struct Pinned {
    expected: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if *end_entity == self.expected {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rustls::ServerConfig;
    use tokio::io::DuplexStream;
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    use super::*;

    /// A certificate of its own making and its key, in files of `folder`.
    struct Certificate {
        chain: std::path::PathBuf,
        server: ServerConfig,
    }

    fn certificate(folder: &Path, name: &str) -> Certificate {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let path = folder.join(format!("{name}.pem"));
        fs::write(&path, made.cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        Certificate { chain: path, server }
    }

    async fn shake(trusted: &Path, server: &ServerConfig) -> bool {
        let (near, far): (DuplexStream, DuplexStream) = tokio::io::duplex(64 * 1024);
        let client = TlsConnector::from(Arc::new(client_config(trusted, None).unwrap()));
        let acceptor = TlsAcceptor::from(Arc::new(server.clone()));
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let (client, server) = tokio::join!(client.connect(name, near), acceptor.accept(far));
        client.is_ok() && server.is_ok()
    }

    #[tokio::test]
    async fn only_the_certificate_in_the_file_is_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let ours = certificate(folder.path(), "ours.example");
        let other = certificate(folder.path(), "other.example");
        assert!(shake(&ours.chain, &ours.server).await);
        assert!(!shake(&ours.chain, &other.server).await);
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.pem");
        fs::write(&empty, "").unwrap();
        assert!(client_config(&empty, None).is_err());
        assert!(client_config(&folder.path().join("gone.pem"), None).is_err());
    }
}
