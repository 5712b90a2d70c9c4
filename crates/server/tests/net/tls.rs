//! TLS: certificates that change under a running server, and callers that must show theirs.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use server::net::tls::TlsOptions;
use server::serve::{ServeError, ServeOptions, serve};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::client::Wire;
use super::stand::{Stand, eventually, options, parts};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate and its key, as PEM.
    fn issue(&self) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    fn write(&self, folder: &Path) {
        let (certificate, key) = self.issue();
        std::fs::write(folder.join("key.pem"), key).unwrap();
        std::fs::write(folder.join("certificate.pem"), certificate).unwrap();
    }
}

fn tls_in(folder: &Path) -> ServeOptions {
    let mut tls = TlsOptions::new(folder.join("certificate.pem"), folder.join("key.pem"));
    tls.reload_interval = Duration::from_millis(20);
    ServeOptions { tls: Some(tls), ..options() }
}

async fn connect(
    address: SocketAddr,
    trusted: &Authority,
    own: Option<(String, String)>,
) -> Option<Wire> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.0.pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match own {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
            builder.with_client_auth_cert(chain, key).unwrap()
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let tcp = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.ok()?;
    Wire::over(stream).await.ok()
}

#[tokio::test]
async fn certificates_are_replaced_while_the_server_runs() {
    let folder = TempDir::new().unwrap();
    let (old, new) = (Authority::new(), Authority::new());
    old.write(folder.path());
    let stand = Stand::with(tls_in(folder.path())).await;
    let address = stand.running.local_addr();
    let mut before = connect(address, &old, None).await.unwrap();
    assert_eq!(before.probe("Echo", "old").await.text(), "old");
    assert!(connect(address, &new, None).await.is_none());

    std::fs::write(folder.path().join("certificate.pem"), "half a file").unwrap();
    new.write(folder.path());
    eventually("the new certificate is shown", async || {
        connect(address, &new, None).await.is_some()
    })
    .await;
    let mut after = connect(address, &new, None).await.unwrap();
    assert_eq!(after.probe("Echo", "new").await.text(), "new");
    assert_eq!(before.probe("Echo", "kept").await.text(), "kept");
    assert!(!before.is_closed());
}

#[tokio::test]
async fn callers_must_show_a_certificate_where_that_is_asked() {
    let folder = TempDir::new().unwrap();
    let (servers, clients, strangers) = (Authority::new(), Authority::new(), Authority::new());
    servers.write(folder.path());
    let ca = folder.path().join("clients.pem");
    std::fs::write(&ca, clients.0.pem()).unwrap();
    let mut options = tls_in(folder.path());
    options.tls.as_mut().unwrap().client_ca = Some(ca);
    let stand = Stand::with(options).await;
    let address = stand.running.local_addr();

    let mut known = connect(address, &servers, Some(clients.issue())).await.unwrap();
    assert_eq!(known.probe("Echo", "known").await.text(), "known");
    for own in [None, Some(strangers.issue())] {
        // TLS 1.3 tells the client of the refusal only after its handshake is done.
        if let Some(mut wire) = connect(address, &servers, own).await {
            let body = super::client::framed("");
            let refused = wire.open("/test.v1.Probe/Echo", &super::client::GOOD, body).await;
            assert!(refused.is_err());
        }
    }
}

#[tokio::test]
async fn a_server_without_a_certificate_does_not_start() {
    let folder = TempDir::new().unwrap();
    let missing = serve(tls_in(folder.path()), parts().0).await;
    assert!(matches!(missing, Err(ServeError::Tls(_))));
}
