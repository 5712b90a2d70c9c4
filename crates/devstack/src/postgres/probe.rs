//! Whether a server takes connections: the first message of the protocol over real TCP.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::SUPERUSER;

/// A server on loopback that says nothing for this long is stuck.
const PATIENCE: Duration = Duration::from_secs(1);

/// True when the server asks for the password. While it still starts or recovers, it answers with
/// an error instead.
pub(crate) fn accepts(port: u16) -> bool {
    ask(port).is_ok_and(|kind| kind == b'R')
}

fn ask(port: u16) -> std::io::Result<u8> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    // Where nobody listens on a port of the ephemeral range, a socket can connect to itself.
    if stream.local_addr()? == address {
        return Err(std::io::ErrorKind::ConnectionRefused.into());
    }
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&startup_message())?;
    let mut kind = [0];
    stream.read_exact(&mut kind)?;
    Ok(kind[0])
}

fn startup_message() -> Vec<u8> {
    let parameters = format!("user\0{SUPERUSER}\0database\0postgres\0\0");
    let length = u32::try_from(8 + parameters.len()).unwrap_or(u32::MAX);
    let version: u32 = 3 << 16;
    [&length.to_be_bytes(), &version.to_be_bytes(), parameters.as_bytes()].concat()
}
