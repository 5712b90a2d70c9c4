//! A server that does what a test says, and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What it does with a request.
pub(crate) enum Act {
    /// Writes this, and closes.
    Say(String),
    /// Closes without a word.
    Close,
    /// Keeps the connection and says nothing.
    Wait,
    /// Writes this, and goes on writing until nobody listens.
    Pour(String),
}

pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl Site {
    pub(crate) async fn new(act: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        let (told, act) = (Arc::clone(&seen), Arc::new(act));
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (told, act) = (Arc::clone(&told), Arc::clone(&act));
                connections.spawn(async move { serve(stream, &told, &*act).await });
            }
        });
        Self { address, seen, _tasks: tasks }
    }

    /// The requests, each with its head and its body.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn serve(mut stream: TcpStream, told: &Mutex<Vec<String>>, act: &impl Fn(&str) -> Act) {
    let Some(request) = read(&mut stream).await else { return };
    told.lock().unwrap().push(request.clone());
    // Whoever is written to may have gone: that is what some tests are about.
    match act(&request) {
        Act::Say(text) => drop(stream.write_all(text.as_bytes()).await),
        Act::Close => {}
        Act::Wait => std::future::pending().await,
        Act::Pour(text) => {
            let mut more = stream.write_all(text.as_bytes()).await;
            while more.is_ok() {
                more = stream.write_all(&[b' '; 65_536]).await;
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(bytes).ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some(head + &String::from_utf8_lossy(&body))
}

pub(crate) fn answer(status: u16, body: &str) -> Act {
    let length = body.len();
    Act::Say(format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    ))
}

pub(crate) fn redirect(to: &str) -> Act {
    Act::Say(format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))
}
