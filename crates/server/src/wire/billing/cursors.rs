//! Where pages of prices and plans go on.

use billing::{Label, OperationTypeId, PriceKey};
use kernel::PlanId;
use ports::PlanPlace;
use uuid::Uuid;

use crate::wire::page::Cursor;

impl Cursor for OperationTypeId {
    fn encode(&self) -> Vec<u8> {
        self.as_str().as_bytes().to_vec()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()?.parse().ok()
    }
}

impl Cursor for PriceKey {
    fn encode(&self) -> Vec<u8> {
        let model = self.model.as_ref().map(Label::as_str).unwrap_or_default();
        // None of the three can hold a line break.
        format!("{}\n{model}\n{}", self.operation, self.edit).into_bytes()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(bytes).ok()?.split('\n');
        let (operation, model) = (parts.next()?.parse().ok()?, parts.next()?);
        let edit = parts.next()?.parse().ok()?;
        let model = if model.is_empty() { None } else { Some(model.parse().ok()?) };
        Some(Self { operation, model, edit })
    }
}

impl Cursor for u64 {
    fn encode(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl Cursor for PlanPlace {
    fn encode(&self) -> Vec<u8> {
        [&self.0.to_be_bytes()[..], self.1.as_uuid().as_bytes()].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (order, id) = bytes.split_first_chunk::<4>()?;
        Some((i32::from_be_bytes(*order), PlanId::from_uuid(Uuid::from_slice(id).ok()?)))
    }
}
