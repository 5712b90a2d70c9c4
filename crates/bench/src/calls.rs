//! The calls that are measured, all through the same few connections and the same client code.

use std::net::SocketAddr;
use std::sync::Arc;

use proto::atelier::ledger::v1::command::Command as BatchCommand;
use proto::atelier::ledger::v1::ledger_service_client::LedgerServiceClient;
use proto::atelier::ledger::v1::{
    BatchApplyRequest, CaptureRequest, Command, CommandResult, DeductRequest, PurchaseRequest,
    ReserveRequest,
};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::books::user_id;
use crate::failure::{Context, Failure};

/// Connections to each server: a few, as a service has that calls another.
const CONNECTIONS: usize = 4;

/// What each deduction takes, of the textbook as well.
pub(crate) const PRICE: &str = "0.01";

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// `grpc.health.v1.Health/Check`: the ceiling of any call.
    Empty,
    Deduct,
    /// `Reserve`, then `Capture` of all that was held.
    Pair,
    /// `BatchApply` of so many deductions.
    Batch(usize),
}

/// Which users are charged: the first so many of the seeded ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Users(pub(crate) u64);

/// Connections to one or more servers.
#[derive(Clone)]
pub(crate) struct Callers {
    channels: Vec<Channel>,
    key: MetadataValue<Ascii>,
    /// Makes request ids of this run unlike those of any other.
    run: Arc<str>,
}

/// One caller, with a call at a time under way.
pub(crate) struct Caller {
    ledger: LedgerServiceClient<Channel>,
    health: HealthClient<Channel>,
    key: MetadataValue<Ascii>,
    prefix: String,
    made: u64,
    random: Random,
}

/// A connection to a server.
pub(crate) async fn channel(server: SocketAddr) -> Result<Channel, Failure> {
    let endpoint = Endpoint::from_shared(format!("http://{server}"));
    let endpoint = endpoint.context("an address cannot be used")?;
    endpoint.connect().await.context("the server does not answer")
}

/// What calls are signed with.
pub(crate) fn bearer(api_key: &str) -> Result<MetadataValue<Ascii>, Failure> {
    format!("Bearer {api_key}").parse().context("the API key cannot be sent")
}

pub(crate) fn signed<T>(message: T, key: &MetadataValue<Ascii>) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", key.clone());
    request
}

impl Callers {
    pub(crate) async fn connect(
        servers: &[SocketAddr],
        api_key: &str,
        run: &str,
    ) -> Result<Self, Failure> {
        let mut channels = Vec::new();
        for _ in 0..CONNECTIONS {
            for server in servers {
                channels.push(channel(*server).await?);
            }
        }
        Ok(Self { channels, key: bearer(api_key)?, run: run.into() })
    }

    /// The caller of this number. Numbers must not be used twice under one `run`.
    pub(crate) fn caller(&self, number: usize) -> Caller {
        let channel = self.channels[number % self.channels.len()].clone();
        Caller {
            ledger: LedgerServiceClient::new(channel.clone()),
            health: HealthClient::new(channel),
            key: self.key.clone(),
            prefix: format!("{}-{number}", self.run),
            made: 0,
            random: Random(number as u64),
        }
    }
}

impl Caller {
    /// Makes one call, or a pair, and returns how many journal entries it was answered for.
    pub(crate) async fn call(&mut self, call: Call, users: Users) -> Result<u64, Status> {
        match call {
            Call::Empty => self.check().await,
            Call::Deduct => self.deduct(users).await,
            Call::Pair => self.pair(users).await,
            Call::Batch(size) => self.batch(size, users).await,
        }
    }

    async fn check(&mut self) -> Result<u64, Status> {
        let request = self.request(HealthCheckRequest { service: String::new() });
        self.health.check(request).await?;
        Ok(0)
    }

    async fn deduct(&mut self, users: Users) -> Result<u64, Status> {
        let message = self.deduction(users);
        let request = self.request(message);
        let answer = self.ledger.deduct(request).await?.into_inner();
        fresh(answer.replayed)
    }

    async fn pair(&mut self, users: Users) -> Result<u64, Status> {
        let user_id = self.user(users);
        let request_id = self.next_id();
        let request = self.request(ReserveRequest {
            user_id: user_id.clone(),
            request_id,
            amount: PRICE.to_owned(),
            ..ReserveRequest::default()
        });
        let reserved = self.ledger.reserve(request).await?.into_inner();
        let transaction =
            reserved.transaction.ok_or_else(|| Status::internal("a hold without transaction"))?;
        let request_id = self.next_id();
        let request = self.request(CaptureRequest {
            user_id,
            request_id,
            transaction_id: transaction.id,
            ..CaptureRequest::default()
        });
        let captured = self.ledger.capture(request).await?.into_inner();
        Ok(fresh(reserved.replayed)? + fresh(captured.replayed)?)
    }

    async fn batch(&mut self, size: usize, users: Users) -> Result<u64, Status> {
        let deductions = (0..size).map(|_| BatchCommand::Deduct(self.deduction(users)));
        let commands = deductions.map(|command| Command { command: Some(command) }).collect();
        self.apply(commands).await
    }

    /// Gives each of these users an amount.
    pub(crate) async fn purchase(
        &mut self,
        users: std::ops::Range<u64>,
        amount: &str,
    ) -> Result<u64, Status> {
        let purchases = users.map(|number| PurchaseRequest {
            user_id: user_id(number),
            request_id: self.next_id(),
            amount: amount.to_owned(),
            ..PurchaseRequest::default()
        });
        let purchases =
            purchases.map(|message| Command { command: Some(BatchCommand::Purchase(message)) });
        let commands = purchases.collect();
        self.apply(commands).await
    }

    async fn apply(&mut self, commands: Vec<Command>) -> Result<u64, Status> {
        let mut entries = 0;
        for result in self.apply_each(commands, false).await? {
            if let Some(error) = result.error {
                return Err(Status::internal(format!("in a batch: {}", error.message)));
            }
            entries += fresh(result.replayed)?;
        }
        Ok(entries)
    }

    /// Sends commands as one batch and returns what came of each.
    pub(crate) async fn apply_each(
        &mut self,
        commands: Vec<Command>,
        all_or_nothing: bool,
    ) -> Result<Vec<CommandResult>, Status> {
        let request = self.request(BatchApplyRequest { commands, all_or_nothing });
        Ok(self.ledger.batch_apply(request).await?.into_inner().results)
    }

    fn deduction(&mut self, users: Users) -> DeductRequest {
        DeductRequest {
            user_id: self.user(users),
            request_id: self.next_id(),
            amount: PRICE.to_owned(),
            ..DeductRequest::default()
        }
    }

    fn request<T>(&self, message: T) -> Request<T> {
        signed(message, &self.key)
    }

    fn next_id(&mut self) -> String {
        self.made += 1;
        format!("{}-{}", self.prefix, self.made)
    }

    fn user(&mut self, users: Users) -> String {
        user_id(1 + self.random.below(users.0))
    }
}

// A replay costs nothing like a deduction: one in a measurement makes it worthless.
fn fresh(replayed: bool) -> Result<u64, Status> {
    if replayed { Err(Status::internal("a fresh request was taken for a replay")) } else { Ok(1) }
}

/// SplitMix64: even enough to pick users, and the same picks in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_are_spread_over_all_users() {
        let mut random = Random(1);
        let mut seen = [0_u32; 100];
        for _ in 0..10_000 {
            seen[(random.next() % 100) as usize] += 1;
        }
        assert!(seen.iter().all(|count| (50..200).contains(count)), "{seen:?}");
    }
}
