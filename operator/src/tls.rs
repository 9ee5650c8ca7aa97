//! Connections over TLS, with a certificate from files that is read again when they change: who renews it need not
//! restart anything.

use anyhow::{Context, ensure};
use axum::serve::Listener;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;
use tracing::{info, warn};

/// How often the files are looked at: well below the minute in which Kubernetes brings a new secret into a pod.
const LOOK: Duration = Duration::from_secs(5);
/// What a client may take to say who it is.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Connections that are ready and not yet served.
const READY: usize = 64;

/// Files with a certificate chain and its key, in PEM.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Their content.
type Content = (Vec<u8>, Vec<u8>);

impl Files {
    fn read(&self) -> anyhow::Result<Content> {
        let read = |path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
        };
        Ok((read(&self.certificate)?, read(&self.key)?))
    }

    fn config(&self, (certificate, key): &Content) -> anyhow::Result<Arc<ServerConfig>> {
        let chain = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("{} is no PEM", self.certificate.display()))?;
        ensure!(!chain.is_empty(), "{} has no certificate", self.certificate.display());
        let key = PrivateKeyDer::from_pem_slice(key)
            .with_context(|| format!("{} has no private key", self.key.display()))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("certificate and key do not fit")?;
        Ok(Arc::new(config))
    }
}

/// A listener whose connections are encrypted.
pub(crate) struct Tls {
    streams: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    _tasks: JoinSet<()>,
}

impl Tls {
    /// Takes connections from `listener`. Fails where the files are no certificate and key.
    pub(crate) fn new(listener: TcpListener, files: Files) -> anyhow::Result<Self> {
        let content = files.read()?;
        let (set_config, config) = watch::channel(files.config(&content)?);
        let (sender, streams) = mpsc::channel(READY);
        let address = listener.local_addr()?;
        let mut tasks = JoinSet::new();
        tasks.spawn(reload(files, content, set_config));
        tasks.spawn(accept(listener, config, sender));
        Ok(Self { streams, address, _tasks: tasks })
    }
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.streams.recv().await {
            Some(stream) => stream,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Takes over what changes in the files; what is no certificate, or only half written, waits for the next look.
async fn reload(files: Files, mut known: Content, config: watch::Sender<Arc<ServerConfig>>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let content = match files.read() {
            Ok(content) if content == known => continue,
            Ok(content) => content,
            Err(error) => {
                warn!("the certificate stays as it was: {error:#}");
                continue;
            }
        };
        match files.config(&content) {
            Ok(new) => {
                config.send_replace(new);
                info!(file = %files.certificate.display(), "the certificate is renewed");
                known = content;
            }
            Err(error) => warn!("the certificate stays as it was: {error:#}"),
        }
    }
}

/// Accepts connections. Each greets its client by itself: one that says nothing holds up nobody.
async fn accept(
    mut listener: TcpListener,
    config: watch::Receiver<Arc<ServerConfig>>,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let mut greetings = JoinSet::new();
    loop {
        let (stream, address) = Listener::accept(&mut listener).await;
        while greetings.try_join_next().is_some() {}
        let acceptor = TlsAcceptor::from(config.borrow().clone());
        let sender = sender.clone();
        greetings.spawn(async move {
            match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => drop(sender.send((stream, address)).await),
                Ok(Err(error)) => warn!(%address, %error, "no connection for reviews"),
                Err(_) => warn!(%address, "a client of reviews did not say who it is in time"),
            }
        });
    }
}
