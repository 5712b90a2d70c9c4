//! Makes of what a case wishes for what is asked, in numbers, as things stand at that moment.

use super::generate::{Pick, Size, When, Wish};
use super::model::{Deal, Kind, LotState, MOST, Micros, Model, Money, State, Terms, What};

/// What is wished for, in numbers, as things stand.
pub(super) fn what(model: &Model, posted: usize, wish: Wish, now: Micros) -> What {
    let moment = |when: When| match when {
        When::In(micros) => now + micros,
        When::Due { pick, off } => {
            let dues = model.dues();
            if dues.is_empty() { now + off } else { dues[pick % dues.len()] + off }
        }
    };
    let lease = |when: When| (moment(when) - now).max(0);
    let sized = |size: Size, natural: Money| match size {
        Size::Just(amount) => amount,
        Size::Natural(more) => (natural + more).clamp(0, MOST),
    };
    let held = |deal: usize| {
        let hold = model.deals.get(deal).and_then(|deal| deal.hold);
        hold.map_or(0, |hold| hold.amount)
    };
    let waiting = model.lots.iter().filter(|lot| lot.state == LotState::Waiting);
    let room = MOST - model.earned - waiting.map(|lot| lot.amount).sum::<Money>();
    match wish {
        Wish::Deduct(size) => What::Deduct { amount: sized(size, model.available) },
        Wish::Reserve { size, lease: when, over, late } => {
            What::Reserve { amount: sized(size, model.available), lease: lease(when), over, late }
        }
        Wish::Capture { target, size } => {
            let target = find(model, posted, target);
            What::Capture { target, amount: sized(size, held(target)) }
        }
        Wish::Release { target, failed } => {
            What::Release { target: find(model, posted, target), failed }
        }
        Wish::Extend { target, lease: when } => {
            What::Extend { target: find(model, posted, target), lease: lease(when) }
        }
        Wish::Refund { target, size } => {
            let target = find(model, posted, target);
            let left = model.deals.get(target).map_or(0, |deal| deal.charged - deal.refunded);
            What::Refund { target, amount: size.map(|size| sized(size, left)) }
        }
        Wish::Purchase { size, until } => {
            What::Purchase { amount: sized(size, room), until: until.map(moment) }
        }
        Wish::Grant { source, size, priority, from, until } => What::Grant(Terms {
            source,
            amount: sized(size, room),
            priority,
            from: from.map(moment),
            until: until.map(moment),
        }),
        Wish::Up(size) => What::Up { amount: sized(size, room) },
        Wish::Down(size) => What::Down { amount: sized(size, model.available) },
    }
}

/// Only what is posted has an id that a caller can know.
fn find(model: &Model, posted: usize, pick: Pick) -> usize {
    let among = |wanted: &dyn Fn(&Deal) -> bool, pick: usize| {
        let deals = model.deals.iter().enumerate().take(posted).filter(|(_, deal)| wanted(deal));
        let found: Vec<usize> = deals.map(|(number, _)| number).collect();
        (!found.is_empty()).then(|| found[pick % found.len()])
    };
    let found = match pick {
        Pick::OpenHold(pick) => among(&|deal| deal.state == State::Pending, pick),
        Pick::Hold(pick) => among(&|deal| deal.hold.is_some(), pick),
        Pick::Charge(pick) => among(&|deal| deal.kind == Kind::Deduction && deal.charged > 0, pick),
        Pick::Any(pick) => among(&|_| true, pick),
        Pick::Nowhere => return usize::MAX,
    };
    found.or_else(|| among(&|deal| deal.hold.is_some(), 0)).unwrap_or(posted / 2)
}
