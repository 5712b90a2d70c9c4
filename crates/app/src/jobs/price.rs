//! What a job costs: priced once, when it is accepted.

use ::billing::{Label, OperationTypeId, Quantity, Unit, quote};
use generation::{Day, JobKind, Measures, ModelName, Request};
use kernel::{Credits, Line, PriceVersionId};

use super::{JobError, Jobs, unfit};
use crate::billing::BillingError;

/// What a job would cost now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobQuote {
    pub operation_type: Line<64>,
    pub price: PriceVersionId,
    pub quantity: Quantity,
    pub total: Credits,
    /// The model's last day, where that is near.
    pub ends: Option<Day>,
}

impl Jobs {
    pub(super) async fn price(
        &self,
        request: &Request,
        model: &ModelName,
        operation: Option<&OperationTypeId>,
    ) -> Result<JobQuote, JobError> {
        let default = operation_type(request.kind()).parse();
        let default: OperationTypeId = default.map_err(|_| unfit("an operation type"))?;
        let operation = operation.unwrap_or(&default);
        let label: Label<128> = model.as_str().parse().map_err(|_| unfit("a model's label"))?;
        let now = self.clock.now();
        let found = self.reads.find_prices(operation, Some(&label), now).await?;
        let (sold, versions) = found.ok_or(BillingError::OperationTypeNotFound)?;
        let edit = request.is_edit();
        // What is counted is known once the price is.
        let priced = |quantity| quote(&sold, &versions, Some(&label), edit, quantity, now);
        let one = priced(Quantity::ONE).map_err(BillingError::Rejected)?;
        let quantity = quantity(one.terms.unit, request.measures());
        let quote = priced(quantity).map_err(BillingError::Rejected)?;
        Ok(JobQuote {
            operation_type: operation.as_str().parse().map_err(|_| unfit("an operation type"))?,
            price: quote.version,
            quantity,
            total: quote.total,
            ends: None,
        })
    }
}

/// What a kind is sold as where nobody says otherwise.
const fn operation_type(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Chat => "GENERAL_CHAT",
        JobKind::Concept => "CONCEPT_GENERATION",
        JobKind::Research => "WEB_RESEARCH",
        JobKind::Summary => "CONTENT_SUMMARY",
        JobKind::Segmentation => "VIDEO_SEGMENTATION",
        JobKind::Image | JobKind::ImageEdit => "IMAGE_GENERATION",
        JobKind::Video => "VIDEO_GENERATION",
        JobKind::Voiceover => "VOICEOVER_GENERATION",
        JobKind::Character => "CHARACTER_GENERATION",
        JobKind::Variant => "THEME_VARIANT",
        JobKind::Scene => "SCENE_IMAGE",
    }
}

/// How much of a unit is asked for, at least the smallest part of one.
fn quantity(unit: Unit, measures: Measures) -> Quantity {
    let Measures { images, millis, characters } = measures;
    let thousandths = match unit {
        Unit::Job => 1_000,
        Unit::Image => u64::from(images) * 1_000,
        Unit::Second => u64::from(millis),
        Unit::ThousandCharacters => u64::from(characters),
    };
    Quantity::from_thousandths(thousandths).unwrap_or(Quantity::ONE)
}
