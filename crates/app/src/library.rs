//! Use cases on outputs: what generation made. Selecting is in `select`.

mod error;
mod select;

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Change, Life, OutputId, Page, PageSize, Position, ProjectId, TransactionId, UserId};
use library::{Body, Charge, Output, OutputFields, OutputPatch};
use ports::{Clock, Ids, MadeFor, OutputFilter, OutputReads, Store, Tx};
use tracing::instrument;
use users::activity::Action;
use users::{Ability, action};

use crate::activity::{self, Deed};
use crate::projects::Named;
use crate::purge::purge;
use crate::standing::{may, may_purge, missing_asset};
use crate::unit::{Batch, unit};

pub use error::LibraryError;

/// The use cases on outputs.
pub struct Library {
    store: Arc<dyn Store>,
    reads: Arc<dyn OutputReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// An output with what it has cost by now, if anything was to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    pub output: Output,
    /// `None` also where the transaction is not one of the user's.
    pub charge: Option<Charge>,
}

impl Library {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn OutputReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids }
    }

    /// Stores what was made.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn create(
        &self,
        user: UserId,
        fields: &OutputFields,
    ) -> Result<Charged, LibraryError> {
        if let Some(transaction) = fields.transaction {
            let charges = self.reads.list_charges(user, &[transaction], self.clock.now()).await?;
            charges.first().ok_or(LibraryError::TransactionNotFound)?;
        }
        let output = Output {
            id: OutputId::from_uuid(self.ids.uuid()),
            user,
            fields: fields.clone(),
            selected: false,
            life: Life::begin(self.clock.now()),
        };
        unit!(self.store, |tx| self.create_in(tx, &output))?;
        self.charged(output).await
    }

    async fn create_in(&self, tx: &mut dyn Tx, output: &Output) -> Result<(), LibraryError> {
        may(tx, output.user, Ability::Change).await?;
        check_character(tx, output).await?;
        check_project(tx, output).await?;
        for image in output.fields.body.images() {
            tx.lock_output(output.user, image).await?.ok_or(LibraryError::SourceNotFound)?;
        }
        if let Some(id) = missing_asset(tx, output.user, output.fields.body.assets()).await? {
            return Err(LibraryError::AssetNotFound { id });
        }
        tx.insert_output(output).await?;
        self.log(tx, output, action!("output.created")).await
    }

    /// One output, deleted or not.
    #[instrument(skip_all, fields(user.id = %user, output.id = %id))]
    pub async fn get(&self, user: UserId, id: OutputId) -> Result<Charged, LibraryError> {
        let found = self.reads.find_outputs(user, &[id]).await?;
        let output = found.into_iter().next().ok_or(LibraryError::OutputNotFound)?;
        self.charged(output).await
    }

    /// Several outputs, deleted or not.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn get_several(
        &self,
        user: UserId,
        ids: &[OutputId],
    ) -> Result<Batch<Charged, OutputId>, LibraryError> {
        let found = self.reads.find_outputs(user, ids).await?;
        let found = self.with_charges(user, found).await?;
        Ok(Batch::of(ids, found, |charged| charged.output.id))
    }

    /// A page of a user's outputs, newest first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list(
        &self,
        user: UserId,
        filter: &OutputFilter,
        size: PageSize,
        after: Option<Position<OutputId>>,
    ) -> Result<Page<Charged, Position<OutputId>>, LibraryError> {
        let size = size.at_most(PageSize::OF_LARGE);
        let Page { items, next } = self.reads.list_outputs(user, filter, size, after).await?;
        Ok(Page { items: self.with_charges(user, items).await?, next })
    }

    /// Changes what the patch names. A selected segmentation that leaves its project is so no more.
    #[instrument(skip_all, fields(user.id = %named.user, output.id = %named.id))]
    pub async fn update(
        &self,
        named: Named<OutputId>,
        patch: &OutputPatch,
    ) -> Result<Charged, LibraryError> {
        let output = unit!(self.store, |tx| self.update_in(tx, named, patch))?;
        self.charged(output).await
    }

    async fn update_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<OutputId>,
        patch: &OutputPatch,
    ) -> Result<Output, LibraryError> {
        may(tx, named.user, Ability::Change).await?;
        if let Change::Set(project) = patch.project {
            // Before the output, for that is the order of locks.
            check_open(tx, named.user, project).await?;
        }
        let output = find(tx, named).await?;
        let fields = patch.apply(&output.fields);
        let life = output.life.edit(named.expected, fields != output.fields, self.clock.now())?;
        let selected = output.selected && fields.project == output.fields.project;
        let output = Output { fields, selected, ..output };
        self.write(tx, output, life, action!("output.updated")).await
    }

    /// Deletes the output softly. A selected one is selected no more.
    #[instrument(skip_all, fields(user.id = %named.user, output.id = %named.id))]
    pub async fn delete(&self, named: Named<OutputId>) -> Result<Charged, LibraryError> {
        let output = unit!(self.store, |tx| self.delete_in(tx, named))?;
        self.charged(output).await
    }

    async fn delete_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<OutputId>,
    ) -> Result<Output, LibraryError> {
        let output = lock(tx, named).await?;
        let life = output.life.delete(named.expected, self.clock.now())?;
        let output = Output { selected: output.selected && life.is_none(), ..output };
        self.write(tx, output, life, action!("output.deleted")).await
    }

    /// Takes a deletion back.
    #[instrument(skip_all, fields(user.id = %named.user, output.id = %named.id))]
    pub async fn restore(&self, named: Named<OutputId>) -> Result<Charged, LibraryError> {
        let output = unit!(self.store, |tx| self.restore_in(tx, named))?;
        self.charged(output).await
    }

    async fn restore_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<OutputId>,
    ) -> Result<Output, LibraryError> {
        let output = lock(tx, named).await?;
        let life = output.life.restore(named.expected, self.clock.now())?;
        self.write(tx, output, life, action!("output.restored")).await
    }

    /// Deletes a deleted output for good, with what was made for it.
    #[instrument(skip_all, fields(user.id = %named.user, output.id = %named.id))]
    pub async fn purge(&self, named: Named<OutputId>) -> Result<(), LibraryError> {
        unit!(self.store, |tx| self.purge_in(tx, named))
    }

    async fn purge_in(&self, tx: &mut dyn Tx, named: Named<OutputId>) -> Result<(), LibraryError> {
        may_purge(tx, named.user).await?;
        let output = find(tx, named).await?;
        output.life.purge(named.expected)?;
        purge(tx, named.user, MadeFor::Output(named.id)).await?;
        self.log(tx, &output, action!("output.purged")).await
    }

    async fn write(
        &self,
        tx: &mut dyn Tx,
        output: Output,
        life: Option<Life>,
        action: Action,
    ) -> Result<Output, LibraryError> {
        let Some(life) = life else { return Ok(output) };
        let output = Output { life, ..output };
        tx.update_output(&output).await?;
        self.log(tx, &output, action).await?;
        Ok(output)
    }

    async fn log(
        &self,
        tx: &mut dyn Tx,
        output: &Output,
        action: Action,
    ) -> Result<(), LibraryError> {
        let deed = Deed::on(output.user, action, output.id.as_uuid(), output.life.etag.revision())
            .telling(&[("kind", output.fields.body.kind().as_str())]);
        Ok(activity::record(tx, &*self.ids, self.clock.now(), deed).await?)
    }

    async fn charged(&self, output: Output) -> Result<Charged, LibraryError> {
        let transactions: Vec<TransactionId> = output.fields.transaction.into_iter().collect();
        let charges = self.reads.list_charges(output.user, &transactions, self.clock.now()).await?;
        Ok(Charged { output, charge: charges.first().copied() })
    }

    /// Several outputs with what they have cost, read at once.
    async fn with_charges(
        &self,
        user: UserId,
        outputs: Vec<Output>,
    ) -> Result<Vec<Charged>, LibraryError> {
        let paid: Vec<TransactionId> =
            outputs.iter().filter_map(|output| output.fields.transaction).collect();
        let charges = self.reads.list_charges(user, &paid, self.clock.now()).await?;
        let by_id: HashMap<TransactionId, Charge> =
            charges.into_iter().map(|charge| (charge.transaction, charge)).collect();
        let charged = outputs.into_iter().map(|output| {
            let charge = output.fields.transaction.and_then(|id| by_id.get(&id).copied());
            Charged { output, charge }
        });
        Ok(charged.collect())
    }
}

async fn lock(tx: &mut dyn Tx, named: Named<OutputId>) -> Result<Output, LibraryError> {
    may(tx, named.user, Ability::Change).await?;
    find(tx, named).await
}

async fn find(tx: &mut dyn Tx, named: Named<OutputId>) -> Result<Output, LibraryError> {
    tx.lock_output(named.user, named.id).await?.ok_or(LibraryError::OutputNotFound)
}

/// Keeps the character that an output was made for.
async fn check_character(tx: &mut dyn Tx, output: &Output) -> Result<(), LibraryError> {
    let Body::Character(body) = &output.fields.body else { return Ok(()) };
    let Some(id) = body.character else { return Ok(()) };
    let there = tx.share_characters(output.user, &[id]).await?;
    if there.is_empty() { Err(LibraryError::CharacterNotFound { id }) } else { Ok(()) }
}

async fn check_project(tx: &mut dyn Tx, output: &Output) -> Result<(), LibraryError> {
    match output.fields.project {
        Some(project) => check_open(tx, output.user, project).await,
        None => Ok(()),
    }
}

/// Locks a project that something is about to be added to.
async fn check_open(tx: &mut dyn Tx, user: UserId, project: ProjectId) -> Result<(), LibraryError> {
    let project = tx.lock_project(user, project).await?.ok_or(LibraryError::ProjectNotFound)?;
    if project.life.is_deleted() { Err(LibraryError::ProjectDeleted) } else { Ok(()) }
}
