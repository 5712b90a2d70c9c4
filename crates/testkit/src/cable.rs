//! A line to a test's database that stops at a COMMIT, for what happens when a server, a process
//! or the network between them is lost at the worst moment.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use postgres::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

use crate::TestDatabase;

/// `COMMIT` as a simple query, the way the adapter sends it.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

// More than a batch of a test comes to, so that one COMMIT is never split in two reads.
const BUFFER: usize = 64 * 1024;

/// On which side of the database a COMMIT stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It does not arrive: the unit of work is rolled back when the line is cut.
    BeforeCommit,
    /// It is carried out, and the answer does not arrive.
    AfterCommit,
}

/// The line. Dropping it takes no new connections; those that are open go on.
pub struct Cable {
    config: Config,
    plan: Arc<Plan>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Plan {
    /// `None` lets one pass.
    stops: Mutex<VecDeque<Option<Stop>>>,
    cut: Notify,
    stopped: Stopped,
}

struct Stopped(Semaphore);

impl Default for Stopped {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

impl Cable {
    pub async fn to(database: &TestDatabase) -> Self {
        let mut config = database.config();
        let address: tokio_postgres::Config = config.url.parse().expect("the URL is sound");
        let port = *address.get_ports().first().expect("the URL names a port");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let own = listener.local_addr().expect("it listens").port();
        config.url = config.url.replacen(&format!(":{port}/"), &format!(":{own}/"), 1);
        let plan = Arc::new(Plan::default());
        let server = SocketAddr::from(([127, 0, 0, 1], port));
        let accepting = tokio::spawn(accept(listener, server, plan.clone()));
        Self { config, plan, accepting }
    }

    /// Settings of a store at the other end.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// Stops the next commits, one each.
    pub fn stop_commits(&self, stops: impl IntoIterator<Item = Stop>) {
        self.plan.stops().extend(stops.into_iter().map(Some));
    }

    /// Stops one commit, once so many have passed.
    pub fn stop_commit_after(&self, passing: usize, stop: Stop) {
        self.plan.stops().extend(std::iter::repeat_n(None, passing).chain([Some(stop)]));
    }

    /// Stops no commit any more. Answers whether one was still to be stopped.
    pub fn stop_none(&self) -> bool {
        std::mem::take(&mut *self.plan.stops()).into_iter().any(|stop| stop.is_some())
    }

    /// Waits until one more commit has stopped.
    pub async fn stopped(&self) {
        self.plan.stopped.0.acquire().await.expect("is never closed").forget();
    }

    /// Cuts the connections that have stopped.
    pub fn cut(&self) {
        self.plan.cut.notify_waiters();
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, plan: Arc<Plan>) {
    while let Ok((client, _)) = listener.accept().await {
        let plan = plan.clone();
        // A connection that breaks is what this is for.
        tokio::spawn(async move { carry(client, server, &plan).await.ok() });
    }
}

async fn carry(mut client: TcpStream, server: SocketAddr, plan: &Plan) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut asked, mut answered) = (vec![0; BUFFER], vec![0; BUFFER]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let asked = &asked[..read?];
                if asked.is_empty() {
                    return Ok(());
                }
                match plan.stop_for(asked) {
                    None => server.write_all(asked).await?,
                    Some(Stop::BeforeCommit) => return plan.stop(&mut client).await,
                    Some(Stop::AfterCommit) => {
                        server.write_all(asked).await?;
                        // However much of the answer: that it came is what is waited for.
                        let _bytes = server.read(&mut answered).await?;
                        return plan.stop(&mut client).await;
                    }
                }
            }
            read = server.read(&mut answered) => {
                let answered = &answered[..read?];
                if answered.is_empty() {
                    return Ok(());
                }
                client.write_all(answered).await?;
            }
        }
    }
}

impl Plan {
    fn stop_for(&self, asked: &[u8]) -> Option<Stop> {
        if !asked.ends_with(COMMIT) {
            return None;
        }
        self.stops().pop_front().flatten()
    }

    fn stops(&self) -> MutexGuard<'_, VecDeque<Option<Stop>>> {
        self.stops.lock().expect("no test panics in here")
    }

    /// Stays until the line is cut or the client has gone.
    async fn stop(&self, client: &mut TcpStream) -> io::Result<()> {
        let mut cut = std::pin::pin!(self.cut.notified());
        // Listening before anyone is told that there is something to cut.
        cut.as_mut().enable();
        self.stopped.0.add_permits(1);
        tokio::select! {
            () = cut => Ok(()),
            read = client.read_u8() => read.map(drop),
        }
    }
}
