//! The streams of the ledger. Each makes its next message when the receiver has room for it, and
//! is over when the receiver drops it: there is no task and no queue behind any of them. They are
//! ended by the server's shutdown in a stage of its own.

use app::ledger::{BalanceWatch, Export, Verification, Verified};
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use proto::atelier::ledger::v1 as pb;
use tonic::Status;

use crate::status::IntoStatus;
use crate::wire::ledger as wire;

pub(super) type Streamed<M> = BoxStream<'static, Result<M, Status>>;

/// Ends with the user, or with the receiver.
pub(super) fn watched(watch: BalanceWatch) -> Streamed<pb::WatchBalanceResponse> {
    stream::try_unfold(watch, |mut watch| async move {
        let account = watch.next().await.map_err(IntoStatus::into_status)?;
        Ok(Some((wire::render_watched(account), watch)))
    })
    .boxed()
}

pub(super) fn exported(export: Export) -> Streamed<pb::ExportEntriesResponse> {
    stream::try_unfold(export, |mut export| async move {
        let entries = export.next().await.map_err(IntoStatus::into_status)?;
        Ok(entries.map(|entries| (wire::render_entries(entries), export)))
    })
    .boxed()
}

pub(super) fn one_verified(verified: Verified) -> Streamed<pb::VerifyLedgerResponse> {
    let mut tally = wire::Tally::default();
    let mut messages = tally.count(verified);
    messages.push(tally.done());
    stream::iter(messages.into_iter().map(Ok)).boxed()
}

pub(super) fn all_verified(verification: Verification) -> Streamed<pb::VerifyLedgerResponse> {
    let start = Some((verification, wire::Tally::default()));
    stream::try_unfold(start, |state| async move {
        let Some((mut verification, mut tally)) = state else {
            return Ok(None);
        };
        let verified = verification.next().await.map_err(IntoStatus::into_status)?;
        Ok::<_, Status>(Some(match verified {
            Some(verified) => (tally.count(verified), Some((verification, tally))),
            None => (vec![tally.done()], None),
        }))
    })
    .map_ok(|messages| stream::iter(messages.into_iter().map(Ok)))
    .try_flatten()
    .boxed()
}
