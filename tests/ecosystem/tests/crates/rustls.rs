//! rustls: a certificate of rcgen that expires in virtual time.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use standstill::prelude::*;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Makes an authority, and the two ends of a connection whose certificate it has signed for one day from now.
pub(crate) fn one_day() -> (TlsAcceptor, TlsConnector) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).unwrap();

    // A certificate tells whole seconds.
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (now, now + 1.days());
    let certificate = params.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();

    let mut roots = RootCertStore::empty();
    roots.add(root.der().clone()).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let server = ServerConfig::builder().with_no_client_auth();
    let server = server.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let mut client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    // A session that is resumed is not checked again.
    client.resumption = Resumption::disabled();
    (TlsAcceptor::from(Arc::new(server)), TlsConnector::from(Arc::new(client)))
}

pub(crate) async fn greet(acceptor: &TlsAcceptor, connector: &TlsConnector) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let acceptor = acceptor.clone();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // The client may refuse the certificate, and then there is nobody to greet.
        if let Ok(mut stream) = acceptor.accept(stream).await {
            sleep(2.secs()).await;
            stream.write_all(b"hello").await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });

    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = connector.connect(name, TcpStream::connect(address).await?).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    Ok(text)
}

#[async_test]
async fn a_valid_certificate_is_accepted_until_it_expires() {
    let (acceptor, connector) = one_day();

    assert_eq!(greet(&acceptor, &connector).await.unwrap(), "hello");
    assert_elapsed!(2.secs());

    sleep(23.hours()).await;
    assert_eq!(greet(&acceptor, &connector).await.unwrap(), "hello");

    sleep(1.hours()).await;
    let error = greet(&acceptor, &connector).await.unwrap_err();
    let error = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert!(matches!(error, Error::InvalidCertificate(CertificateError::ExpiredContext { .. })), "{error}");
    assert_elapsed!(24.hours() + 4.secs());
}
