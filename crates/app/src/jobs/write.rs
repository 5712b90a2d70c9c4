//! Writing what a job has become, with everything that follows from it, in one step: what was held
//! is charged or goes back, what was made appears, and those who follow along are told.

use std::collections::{BTreeMap, BTreeSet};

use ::assets::Asset;
use generation::decide::{Payment, payment, unpaid};
use generation::{HoldState, Job, JobState, Request, job_event};
use kernel::{AssetId, JobId, UserId};
use ledger::{Action, ReleaseOutcome};
use ports::{StoreError, Tx};
use users::action;

use super::accept::quota_request;
use super::deliver::{Subject, tell};
use super::{JobError, Jobs, derived, unfit};
use crate::activity::{self, Deed};
use crate::ledger::{Refusal, post_in};

/// What belongs to a job and was read before: the assets of its pieces.
pub(super) type Shelf = BTreeMap<AssetId, Asset>;

impl Jobs {
    /// Locks a job and, before it, everything that its end may change. `seen` is the job as it was
    /// last known: what it is for and what it costs never change.
    pub(super) async fn open_in(
        &self,
        tx: &mut dyn Tx,
        seen: &Job,
    ) -> Result<(Job, Subject), JobError> {
        // Whatever the status: what was begun is brought to its end. Nothing that the job refers to
        // is purged meanwhile.
        tx.share_user(seen.user).await?;
        let subject = Subject::lock(tx, seen).await?;
        if seen.money.quota_taken {
            tx.lock_quota(seen.user).await?;
        }
        if seen.money.hold == HoldState::Reserved {
            tx.lock_accounts(&[seen.user], self.clock.now()).await?;
        }
        let job = lock(tx, seen.user, seen.id).await?;
        Ok((job, subject))
    }

    /// Writes what a locked job has become. `new` are assets that are to be inserted with it.
    pub(super) async fn write_in(
        &self,
        tx: &mut dyn Tx,
        (before, after): (&Job, Job),
        subject: Subject,
        shelf: &Shelf,
        new: &[Asset],
    ) -> Result<Job, JobError> {
        if *before == after {
            return Ok(after);
        }
        let after = self.pay_in(tx, before, after).await?;
        if before.money.quota_taken && !after.money.quota_taken {
            self.quotas.give_back_in(tx, after.user, &quota_request(&after)?).await?;
        }
        tx.update_job(&after).await?;
        if frees(before, &after) {
            if after.state == JobState::Queued {
                tx.wake_lane(after.user, after.work.due_at).await?;
            } else {
                tx.wake_waiting(after.user, after.updated_at).await?;
            }
        }
        let ended = after.state.is_terminal() && !before.state.is_terminal();
        let (delivered, _) = after.tally();
        let delivers = ended && delivered > 0;
        if delivers {
            self.project_in(tx, &after).await?;
        }
        for asset in new {
            tx.insert_asset(asset).await?;
            let made = (asset.id.as_uuid(), asset.etag);
            tell(tx, &after, action!("asset.stored"), made).await?;
        }
        if delivers {
            self.deliver_in(tx, &after, subject, shelf).await?;
        }
        if let Some(event) = job_event(Some(before), &after) {
            tx.append_event(&event).await?;
        }
        if ended {
            let fields = [("state", after.state.as_str()), ("kind", after.kind().as_str())];
            let deed = Deed::on(
                after.user,
                action!("job.ended"),
                after.id.as_uuid(),
                after.etag.revision(),
            );
            activity::log(tx, &*self.ids, after.updated_at, deed.telling(&fields)).await?;
        }
        Ok(after)
    }

    /// Posts what the end of the job means for its hold.
    async fn pay_in(&self, tx: &mut dyn Tx, before: &Job, after: Job) -> Result<Job, JobError> {
        let Some(hold) = after.money.transaction else { return Ok(after) };
        let (what, action) = match payment(before, &after) {
            Payment::None => return Ok(after),
            Payment::Capture(amount) => ("capture", Action::Capture { hold, amount: Some(amount) }),
            Payment::Release { cancelled } => {
                let outcome =
                    if cancelled { ReleaseOutcome::Cancelled } else { ReleaseOutcome::Failed };
                ("release", Action::Release { hold, outcome })
            }
        };
        let command = self.command(&after, what, action)?;
        let results = post_in(tx, &*self.clock, &self.ledger_rules, &[&command]).await?;
        match results.into_iter().next().ok_or_else(|| unfit("an answer"))? {
            Ok(_) => Ok(after),
            // The hold has lapsed: what was to go back is back, what was to be charged is lost
            // unless the balance covered it.
            Err(Refusal::Rejected(why)) => {
                tracing::error!(job.id = %after.id, user.id = %after.user, %why, what,
                    "the hold of a job had ended before the job");
                Ok(unpaid(after))
            }
            Err(refusal @ (Refusal::UserNotFound | Refusal::Barred(_) | Refusal::Unsound(_))) => {
                Err(refusal.into())
            }
        }
    }
}

/// Whether another job of the user may begin now that could not before.
fn frees(before: &Job, after: &Job) -> bool {
    let busy = |job: &Job| {
        let begun = matches!(job.state, JobState::Running | JobState::Storing);
        (begun && !job.is_stuck()) || job.work.lease.is_some()
    };
    let waits = after.state == JobState::Queued && after.work.lease.is_none();
    (busy(before) && !busy(after))
        || (after.state.is_terminal() && !before.state.is_terminal())
        || (waits && before.work.due_at != after.work.due_at)
}

pub(super) async fn lock(tx: &mut dyn Tx, user: UserId, id: JobId) -> Result<Job, JobError> {
    tx.lock_job(user, id).await?.ok_or(JobError::JobNotFound)
}

impl Jobs {
    /// The assets of a job's pieces, of their thumbnails and of the sheet, and these.
    pub(super) async fn shelf(&self, job: &Job, new: &[Asset]) -> Result<Shelf, StoreError> {
        let known = |id: &AssetId| new.iter().any(|asset| asset.id == *id);
        let pieces = job.steps.iter().flat_map(|step| &step.pieces);
        let stored = pieces.flat_map(|piece| [piece.asset(), piece.thumbnail()]).flatten();
        let sheet = matches!(job.request, Request::Character(_)).then(|| derived::sheet_id(job));
        let ids: BTreeSet<AssetId> = stored.chain(sheet).filter(|id| !known(id)).collect();
        let mut shelf = Shelf::new();
        if !ids.is_empty() {
            let found =
                self.reads.find_assets(job.user, &ids.into_iter().collect::<Vec<_>>()).await?;
            shelf.extend(found.into_iter().map(|asset| (asset.id, asset)));
        }
        shelf.extend(new.iter().map(|asset| (asset.id, asset.clone())));
        Ok(shelf)
    }
}
