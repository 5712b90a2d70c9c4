//! What a charge comes to, what a patch changes, and what can be selected.

use uuid::Uuid;

use super::*;
use crate::{ImageBody, SegmentationBody, Several};

fn output(body: Body) -> Output {
    Output {
        id: OutputId::from_uuid(Uuid::from_u128(1)),
        user: UserId::from_uuid(Uuid::from_u128(2)),
        fields: OutputFields {
            project: Some(ProjectId::from_uuid(Uuid::from_u128(3))),
            job: None,
            transaction: None,
            run: None,
            prompt: "A lighthouse".parse().unwrap(),
            art_style: None,
            model: None,
            success: true,
            message: None,
            parameters: None,
            usage: Usage::default(),
            body,
        },
        selected: false,
        life: Life::begin(Timestamp::MIN),
    }
}

fn segmentation() -> Body {
    Body::Segmentation(SegmentationBody {
        concept: "A day".parse().unwrap(),
        negative_prompt: None,
        segments: Several::default(),
    })
}

#[test]
fn a_charge_is_what_the_ledger_says() {
    let credits = |hundredths| Credits::from_hundredths(hundredths).unwrap();
    let id = TransactionId::from_uuid(Uuid::from_u128(9));
    for (charged, refunded, pending, state) in [
        (0, 0, true, ChargeState::Held),
        (0, 0, false, ChargeState::Released),
        (250, 0, false, ChargeState::Charged),
        (250, 100, false, ChargeState::PartlyRefunded),
        (250, 250, false, ChargeState::Refunded),
    ] {
        let charge = Charge::new(id, credits(charged), credits(refunded), pending);
        assert_eq!(charge.state, state, "{charged} {refunded}");
    }
}

#[test]
fn a_segmentation_in_a_project_is_selected_once() {
    let now = Timestamp::MIN.next();
    let selected = select(&output(segmentation()), now).unwrap().unwrap();
    assert!(selected.selected && selected.life.updated_at == now);
    assert_eq!(select(&selected, now), Ok(None));

    let image = output(Body::Image(ImageBody::default()));
    assert_eq!(select(&image, now), Err(Rejection::NotASegmentation));
    let mut loose = output(segmentation());
    loose.fields.project = None;
    assert_eq!(select(&loose, now), Err(Rejection::NotInAProject));
    let mut gone = output(segmentation());
    gone.life = gone.life.delete(None, now).unwrap().unwrap();
    assert_eq!(select(&gone, now), Err(Rejection::Life(LifeError::Deleted)));
}

#[test]
fn a_patch_changes_what_it_names_and_nothing_else() {
    let fields = output(segmentation()).fields;
    assert_eq!(OutputPatch::default().apply(&fields), fields);
    let patch = OutputPatch {
        project: Change::Clear,
        message: Change::Set("Kept".parse().unwrap()),
        art_style: Change::Keep,
    };
    let changed = patch.apply(&fields);
    assert_eq!(changed.project, None);
    assert_eq!(changed.message.unwrap().as_str(), "Kept");
    assert_eq!(changed.body, fields.body);
}
