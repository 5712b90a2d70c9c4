//! An output: what was made, what all kinds have in common, and what it cost.

use kernel::{
    Change, Credits, JobId, Json, Life, LifeError, Line, OutputId, Position, ProjectId, Timestamp,
    TransactionId, UserId,
};

use crate::{Body, LongText, Name, ShortText};

/// One thing that generation made, or failed to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub id: OutputId,
    pub user: UserId,
    pub fields: OutputFields,
    /// Whether it is the segmentation that its project goes by. At most one of a project is.
    pub selected: bool,
    pub life: Life,
}

/// What is said of an output when it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFields {
    pub project: Option<ProjectId>,
    /// The job that made it, if one did.
    pub job: Option<JobId>,
    /// The transaction that paid for it, if any did.
    pub transaction: Option<TransactionId>,
    /// The caller's own id of the run, such as a UUID.
    pub run: Option<Line<128>>,
    /// What was asked: of a picture what is to be seen, of a video what is to move.
    pub prompt: LongText,
    pub art_style: Option<Name>,
    pub model: Option<Line<128>>,
    pub success: bool,
    /// What the maker said of it: an error, or a note.
    pub message: Option<ShortText>,
    /// With which parameters it was made.
    pub parameters: Option<Json<16_384>>,
    pub usage: Usage,
    pub body: Body,
}

/// When making it began and ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    pub started_at: Option<Timestamp>,
    /// Not before it began.
    pub completed_at: Option<Timestamp>,
}

/// What may be said otherwise later: where it belongs, and what people write on it. What was made,
/// and how, stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutputPatch {
    pub project: Change<ProjectId>,
    pub message: Change<ShortText>,
    pub art_style: Change<Name>,
}

/// What an output cost, as the ledger has it at the moment of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    pub transaction: TransactionId,
    /// What was charged: nothing while it is held only.
    pub charged: Credits,
    /// What of that was given back.
    pub refunded: Credits,
    pub state: ChargeState,
}

/// Where a charge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeState {
    /// Held, neither captured nor released yet.
    Held,
    Charged,
    /// Part of it was given back.
    PartlyRefunded,
    Refunded,
    /// Nothing was ever charged: the hold was released or lapsed.
    Released,
}

/// Why an output cannot be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("only segmentations can be selected")]
    NotASegmentation,
    #[error("the output is in no project, so there is nothing to select it for")]
    NotInAProject,
    #[error(transparent)]
    Life(#[from] LifeError),
}

impl Output {
    /// Where the output stands in lists.
    pub fn position(&self) -> Position<OutputId> {
        Position { created_at: self.life.created_at, id: self.id }
    }
}

impl OutputPatch {
    /// The fields once the change is made.
    pub fn apply(&self, fields: &OutputFields) -> OutputFields {
        let Self { project, message, art_style } = self;
        OutputFields {
            project: project.apply(&fields.project),
            message: message.apply(&fields.message),
            art_style: art_style.apply(&fields.art_style),
            ..fields.clone()
        }
    }
}

impl Charge {
    /// Reads a transaction's amounts. `pending` tells that it is a hold that has not ended.
    pub fn new(
        transaction: TransactionId,
        charged: Credits,
        refunded: Credits,
        pending: bool,
    ) -> Self {
        let state = if pending {
            ChargeState::Held
        } else if charged.is_zero() {
            ChargeState::Released
        } else if refunded.is_zero() {
            ChargeState::Charged
        } else if refunded < charged {
            ChargeState::PartlyRefunded
        } else {
            ChargeState::Refunded
        };
        Self { transaction, charged, refunded, state }
    }
}

/// The output once it is its project's selected segmentation; `None` if it is already.
pub fn select(output: &Output, now: Timestamp) -> Result<Option<Output>, Rejection> {
    if !matches!(output.fields.body, Body::Segmentation(_)) {
        return Err(Rejection::NotASegmentation);
    }
    if output.fields.project.is_none() {
        return Err(Rejection::NotInAProject);
    }
    let life = output.life.edit(None, !output.selected, now)?;
    Ok(life.map(|life| Output { selected: true, life, ..output.clone() }))
}

#[cfg(test)]
mod tests;
