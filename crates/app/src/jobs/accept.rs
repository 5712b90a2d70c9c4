//! Accepting a job: everything that can be refused is refused here, and what is accepted is paid
//! for and stored in one step.

mod check;

use ::billing::OperationTypeId;
use generation::decide::{self, Acceptance, hold_lease};
use generation::{
    HoldState, Job, JobMetadata, ModelName, Places, Priority, Rejection, Request, Route, defaults,
    job_event, resolve, successor,
};
use kernel::{Digest, JobId, RequestId, Timestamp, UserId};
use ledger::{Action, Command, LateCapture, Operation, OverCapture};
use ports::{JOBS_REQUEST_UNIQUE, Store, StoreError, Tx};
use sha2::{Digest as _, Sha256};
use tracing::instrument;
use users::{Ability, action};

use super::{JobError, JobQuote, Jobs, unfit};
use crate::activity::{self, Deed};
use crate::ledger::post_in;
use crate::standing::may;
use crate::unit::unit;

/// Asks for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub user: UserId,
    pub request_id: RequestId,
    pub request: Request,
    pub model: ModelName,
    pub places: Places,
    pub metadata: Option<JobMetadata>,
    pub priority: Priority,
    /// Not to be begun before.
    pub not_before: Option<Timestamp>,
    /// What it is sold as, if not as its kind is by default.
    pub operation_type: Option<OperationTypeId>,
}

/// The job, and whether this is the answer of an earlier call again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub job: Job,
    pub replayed: bool,
}

/// What is found out before anything is locked.
struct Prepared {
    routes: Vec<Route>,
    quote: JobQuote,
}

impl Jobs {
    /// What the job would cost, and whether it would be taken. Changes nothing and promises nothing.
    #[instrument(skip_all, fields(user.id = %new.user, job.kind = %new.request.kind()))]
    pub async fn quote(&self, new: &NewJob) -> Result<JobQuote, JobError> {
        let id = JobId::from_uuid(self.ids.uuid());
        Ok(self.prepare(new, id).await?.quote)
    }

    /// Accepts a job, or answers the one that was accepted under the request id.
    #[instrument(skip_all, fields(user.id = %new.user, job.kind = %new.request.kind()))]
    pub async fn create(&self, new: &NewJob) -> Result<Accepted, JobError> {
        self.accept(new, None).await
    }

    pub(super) async fn accept(
        &self,
        new: &NewJob,
        resumes: Option<&Job>,
    ) -> Result<Accepted, JobError> {
        let digest = digest(new, resumes.map(|job| job.id));
        if let Some(allowances) = &self.allowances {
            allowances.touch(new.user).await?;
        }
        let id = JobId::from_uuid(self.ids.uuid());
        let prepared = match self.prepare(new, id).await {
            Ok(prepared) => prepared,
            // What was accepted once is answered again, though it would be refused by now.
            Err(refused) => {
                let found = unit!(self.store, JobError, |tx| { replay(tx, new, digest).await })?;
                return found.ok_or(refused);
            }
        };
        let outcome =
            unit!(self.store, |tx| self.accept_in(tx, new, (id, digest), &prepared, resumes));
        match outcome {
            // Another call of the same request id was quicker: its job is there now.
            Err(JobError::Store(StoreError::Conflict { constraint: JOBS_REQUEST_UNIQUE })) => {
                let found = unit!(self.store, JobError, |tx| { replay(tx, new, digest).await })?;
                found.ok_or(JobError::JobNotFound)
            }
            outcome => outcome,
        }
    }

    async fn prepare(&self, new: &NewJob, id: JobId) -> Result<Prepared, JobError> {
        let model = self.reads.find_model(&new.model).await?;
        let set_up = |provider: &_| self.providers.is_set_up(provider);
        // The random half of the id: the same job asks the same routes whoever works it out.
        let (_, draw) = id.as_uuid().as_u64_pair();
        let routes = match resolve(model.as_ref(), &new.model, &new.request, set_up, draw) {
            Err(Rejection::ModelRetired { model, replacement: Some(_) }) => {
                let replacement = successor(&self.reads.list_models().await?, &model);
                return Err(Rejection::ModelRetired { model, replacement }.into());
            }
            routes => routes?,
        };
        self.check_places(new).await?;
        self.check_sources(new).await?;
        let operation = new.operation_type.as_ref();
        let quote = self.price(&new.request, &new.model, operation).await?;
        let ends = model.as_ref().and_then(|model| model.ends(self.clock.now()));
        Ok(Prepared { routes, quote: JobQuote { ends, ..quote } })
    }

    // In the order of locks: the user, the quota, the account, the job, the lane.
    async fn accept_in(
        &self,
        tx: &mut dyn Tx,
        new: &NewJob,
        (id, digest): (JobId, Digest),
        prepared: &Prepared,
        resumes: Option<&Job>,
    ) -> Result<Accepted, JobError> {
        may(tx, new.user, Ability::Spend).await?;
        if let Some(found) = replay(tx, new, digest).await? {
            return Ok(found);
        }
        let JobQuote { operation_type, price, quantity: _, total, ends: _ } =
            prepared.quote.clone();
        let now = self.clock.now();
        let acceptance = Acceptance {
            user: new.user,
            id,
            request_id: new.request_id.clone(),
            digest,
            request: new.request.clone(),
            model: new.model.clone(),
            routes: prepared.routes.clone(),
            places: new.places,
            metadata: new.metadata.clone(),
            priority: new.priority,
            not_before: new.not_before,
            operation_type,
            price,
            total,
            resumes: resumes.cloned(),
        };
        let mut job = decide::accept(acceptance, now);
        if job.kind().counts() {
            self.quotas.take_in(tx, job.user, &quota_request(&job)?, 1).await?;
            job.money.quota_taken = true;
        }
        self.reserve_in(tx, &mut job, now).await?;
        tx.insert_job(&job).await?;
        tx.wake_lane(job.user, job.not_before).await?;
        if let Some(event) = job_event(None, &job) {
            tx.append_event(&event).await?;
        }
        let deed =
            Deed::on(job.user, action!("job.created"), job.id.as_uuid(), job.etag.revision())
                .telling(&[("kind", job.kind().as_str())]);
        activity::log(tx, &*self.ids, now, deed).await?;
        Ok(Accepted { job, replayed: false })
    }

    async fn reserve_in(
        &self,
        tx: &mut dyn Tx,
        job: &mut Job,
        now: Timestamp,
    ) -> Result<(), JobError> {
        if job.money.amount.is_zero() {
            return Ok(());
        }
        let action = Action::Reserve {
            amount: job.money.amount,
            lease: hold_lease(job, &self.rules, now),
            over_capture: OverCapture::Reject,
            // Workers that were down for a day still bring what was made, and are paid if they can.
            late_capture: LateCapture::AcceptIfCovered,
            operation: operation(job)?,
        };
        let command = self.command(job, "hold", action)?;
        let results = post_in(tx, &*self.clock, &self.ledger_rules, &[&command]).await?;
        let outcome = results.into_iter().next().ok_or_else(|| unfit("an answer"))??;
        job.money.transaction = Some(outcome.transaction.id);
        job.money.hold = HoldState::Reserved;
        Ok(())
    }

    /// A command on the job's money. Each has its own request id, so that it is posted once.
    pub(super) fn command(
        &self,
        job: &Job,
        what: &str,
        action: Action,
    ) -> Result<Command, JobError> {
        let request = format!("job:{}:{what}", job.id).parse();
        let request = request.map_err(|_| unfit("a request id"))?;
        Ok(Command::new(job.user, request, self.ids.nonce(), action))
    }
}

/// The request id under which a job takes its unit of the day.
pub(super) fn quota_request(job: &Job) -> Result<RequestId, StoreError> {
    format!("job:{}", job.id).parse().map_err(|_| unfit("a request id"))
}

fn operation(job: &Job) -> Result<Operation, StoreError> {
    Ok(Operation {
        operation_type: Some(label(job.money.operation_type.as_str())?),
        model: Some(label(job.model.as_str())?),
        operation_id: Some(label(&job.id.to_string())?),
        edit_price: job.request.is_edit(),
        project: job.places.project,
        ..Operation::default()
    })
}

fn label<const MAX: usize>(text: &str) -> Result<ledger::Label<MAX>, StoreError> {
    ledger::Label::parse(text).map_err(|_| unfit("a label"))
}

/// The job that was accepted under the request id, if one was.
async fn replay(
    tx: &mut dyn Tx,
    new: &NewJob,
    digest: Digest,
) -> Result<Option<Accepted>, JobError> {
    let found = tx.find_job_by_request(new.user, &new.request_id).await?;
    match found {
        Some(job) if job.digest == digest => Ok(Some(Accepted { job, replayed: true })),
        Some(_) => Err(Rejection::RequestIdReused(new.request_id.clone()).into()),
        None => Ok(None),
    }
}

/// Of everything that is asked for, but for who asks and under which id.
fn digest(new: &NewJob, resumes: Option<JobId>) -> Digest {
    let NewJob {
        user: _,
        request_id: _,
        request,
        model,
        places,
        metadata,
        priority,
        not_before,
        operation_type,
    } = new;
    // The text is told apart by its own quotes, and is never read back.
    let payload = format!(
        "{request:?} {model:?} {places:?} {metadata:?} {priority:?} {not_before:?} \
         {operation_type:?} {resumes:?}"
    );
    Digest::from_bytes(Sha256::digest(payload.as_bytes()).into())
}

/// Makes the models that a server begins with into rows, where there are none. Safe to run in any
/// number of processes at once, at every start.
pub async fn install_models(
    store: &dyn Store,
    fallback: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let models = defaults(fallback, now);
    unit!(store, StoreError, |tx| {
        for model in &models {
            tx.insert_model(model).await?;
        }
        Ok(())
    })
}
