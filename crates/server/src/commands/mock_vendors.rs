//! `atelier mock-vendors`: stands in for every vendor, for work without keys and for tests.

use std::net::{Ipv4Addr, SocketAddr};

use clap::Args;
use tokio::net::TcpListener;

use super::{Failure, print};
use crate::net::drain::Signals;

#[derive(Debug, Args)]
pub struct MockVendors {
    /// The port of loopback; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 7480)]
    port: u16,
}

/// Serves until a signal.
pub async fn run(command: MockVendors) -> Result<(), Failure> {
    let mut signals =
        Signals::listen().map_err(|e| Failure::because("no signals can be heard", &e))?;
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, command.port));
    let cannot = |error: &dyn std::error::Error| {
        Failure::because(&format!("{wanted} cannot be listened on"), error)
    };
    let listener = TcpListener::bind(wanted).await.map_err(|e| cannot(&e))?;
    print(&banner(listener.local_addr().map_err(|e| cannot(&e))?))?;
    let stop = async {
        signals.next().await;
    };
    mock_vendors::serve(listener, stop).await.map_err(|e| cannot(&e))
}

fn banner(address: SocketAddr) -> String {
    let lines = mock_vendors::Vendor::ALL.map(|vendor| {
        let url = format!("http://{address}/{vendor}{}", vendor.base_path());
        format!("{:<12}{url:<40}{}\n", vendor.name(), vendor.key())
    });
    format!("vendor      base URL                                key\n{}", lines.concat())
        + &format!("\nscript: PUT http://{address}/_mock/script, docs/mock-vendors.md\n")
}
