//! The real `atelier` binary as a child process, as an operator would run it.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::failure::{Context, Failure};

/// The key under which API keys are hashed: 32 bytes, and no secret here.
const PEPPER: &str = "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ghISE=";

/// A server that is not ready by then will not be.
const READY_PATIENCE: Duration = Duration::from_secs(20);
const READY_POLL: Duration = Duration::from_millis(10);

/// What every server of the run has in common.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) binary: PathBuf,
    /// Settings of the server, as `--set` takes them.
    pub(crate) settings: Vec<(String, String)>,
    /// Where the logs go.
    pub(crate) folder: PathBuf,
}

/// What a process is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Server,
    Worker,
}

/// A running server. Dropping it kills the process: it keeps nothing that could be lost.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) pid: u32,
    admin: SocketAddr,
    child: Child,
}

/// How many batches there were, and how many commands in all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Batches {
    pub(crate) count: f64,
    pub(crate) commands: f64,
}

impl Program {
    /// The server beside this program, unless another is named.
    pub(crate) fn find(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
        let own = std::env::current_exe().context("this program's own path is not known")?;
        let binary = named.unwrap_or_else(|| own.with_file_name("atelier"));
        if binary.is_file() {
            return Ok(binary);
        }
        Err(Failure::new(format!(
            "{} is not there: build it with `cargo build --release -p server`, or name it with \
             --server",
            binary.display()
        )))
    }

    /// Starts a server and returns once it is ready.
    pub(crate) async fn start(
        &self,
        name: &str,
        database_url: &str,
        log_filter: &str,
    ) -> Result<Server, Failure> {
        self.start_as(Place::Server, name, database_url, log_filter, &[]).await
    }

    /// Starts a process with settings of its own and returns once it is ready.
    pub(crate) async fn start_as(
        &self,
        place: Place,
        name: &str,
        database_url: &str,
        log_filter: &str,
        settings: &[(&str, &str)],
    ) -> Result<Server, Failure> {
        let (address, admin) = free_addresses()?;
        let log = self.folder.join(format!("server-{name}.log"));
        let log_file = File::create(&log).context(format!("no log at {}", log.display()))?;
        let mut command = self.command(database_url);
        match place {
            Place::Server => command.args(["serve", "--listen", &address.to_string()]),
            Place::Worker => command.arg("worker"),
        };
        for (key, value) in [
            ("server.admin_listen", admin.to_string()),
            ("telemetry.log_filter", log_filter.to_owned()),
        ] {
            command.arg("--set").arg(format!("{key}={value}"));
        }
        for (key, value) in &self.settings {
            command.arg("--set").arg(format!("{key}={value}"));
        }
        for (key, value) in settings {
            command.arg("--set").arg(format!("{key}={value}"));
        }
        command.stdout(Stdio::null()).stderr(log_file);
        let child = command.spawn().context("the server cannot be started")?;
        let pid = child.id().unwrap_or_default();
        let mut server = Server { address, pid, admin, child };
        server.wait_until_ready(&log).await?;
        Ok(server)
    }

    /// Issues an API key with all scopes.
    pub(crate) async fn issue_key(&self, database_url: &str) -> Result<String, Failure> {
        let mut command = self.command(database_url);
        command.args(["keys", "issue", "--name", "bench", "--all-scopes"]);
        let output = command.output().await.context("atelier cannot be run")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Failure::new(format!("no API key was issued: {said}")));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Recomputes every account and returns the verdict. Fails if anything does not add up.
    pub(crate) async fn verify(&self, database_url: &str) -> Result<String, Failure> {
        let mut command = self.command(database_url);
        let output = command.arg("verify").output().await.context("atelier cannot be run")?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            return Ok(said);
        }
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Failure::new(format!("the books do not close: {said} {why}")))
    }

    fn command(&self, database_url: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .env("ATELIER_DATABASE__URL", database_url)
            .env("ATELIER_AUTH__PEPPER", PEPPER)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

impl Server {
    async fn wait_until_ready(&mut self, log: &Path) -> Result<(), Failure> {
        let began = Instant::now();
        while began.elapsed() < READY_PATIENCE {
            if let Ok(Some(status)) = self.child.try_wait() {
                let why = format!("the server ended with {status}: see {}", log.display());
                return Err(Failure::new(why));
            }
            if get(self.admin, "/readyz").await.is_ok_and(|answer| answer.contains(" 200 ")) {
                return Ok(());
            }
            tokio::time::sleep(READY_POLL).await;
        }
        Err(Failure::new(format!("the server is not ready: see {}", log.display())))
    }

    /// What the server tells of its batches.
    pub(crate) async fn batches(&self) -> Result<Batches, Failure> {
        let text = get(self.admin, "/metrics").await.context("the metrics cannot be read")?;
        Ok(Batches::parse(&text))
    }
}

impl Batches {
    fn parse(metrics: &str) -> Self {
        let sum = |name: &str| {
            let lines = metrics.lines().filter_map(|line| line.strip_prefix(name));
            lines.filter_map(|rest| rest.split_whitespace().last()?.parse::<f64>().ok()).sum()
        };
        Self {
            count: sum("atelier_ledger_batch_commands_count"),
            commands: sum("atelier_ledger_batch_commands_sum"),
        }
    }
}

/// One HTTP request, whose answer is read to the end of the connection.
async fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Two addresses that are free now. Both are held until both are known, so that they differ.
fn free_addresses() -> Result<(SocketAddr, SocketAddr), Failure> {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port");
    let (first, second) = (bind()?, bind()?);
    let address = |listener: &TcpListener| listener.local_addr().context("no free port");
    Ok((address(&first)?, address(&second)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_summed_over_all_series() {
        let text = "# TYPE atelier_ledger_batch_commands summary\n\
                    atelier_ledger_batch_commands{quantile=\"0.5\"} 9\n\
                    atelier_ledger_batch_commands_sum 640\n\
                    atelier_ledger_batch_commands_count 20\n\
                    atelier_ledger_batch_commands_sum{shard=\"1\"} 60\n";
        assert_eq!(Batches::parse(text), Batches { count: 20.0, commands: 700.0 });
    }
}
