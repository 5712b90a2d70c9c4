//! Plans as an operator keeps them.

use std::collections::HashMap;

use proto::atelier::billing::v1::{
    ArchivePlanRequest, CallToAction, ExternalPlan, GetPlanRequest, ListPlansRequest, PlanFields,
    Tier, UpdatePlanRequest,
};

use super::world::{Server, World, plan};
use crate::whole::calls::{reason, violations};

async fn names(server: &Server, show_all: bool) -> Vec<String> {
    let request = ListPlansRequest { show_all, ..Default::default() };
    let page = server.api.plans.clone().list_plans(request).await.unwrap().into_inner();
    page.plans.into_iter().map(|plan| plan.fields.unwrap().name).collect()
}

#[tokio::test]
async fn a_plan_has_every_field_and_its_place_among_the_active_ones() {
    let world = World::new().await;
    let server = world.server(&[]).await;
    let external = ExternalPlan { id: "cplan_1".to_owned(), name: Some("Clerk's".to_owned()) };
    let features = prost_types::Struct {
        fields: [("seats".to_owned(), prost_types::value::Kind::NumberValue(3.0).into())].into(),
    };
    let full = PlanFields {
        description: Some("Everything".to_owned()),
        currency: Some("BRL".to_owned()),
        price_monthly_minor: Some(4_990),
        price_yearly_minor: Some(49_900),
        features: Some(features),
        daily_quota: Some(50),
        sort_order: 2,
        highlight: true,
        badge: Some("Most loved".to_owned()),
        call_to_action: Some(CallToAction {
            kind: Some("checkout".to_owned()),
            label: Some("Subscribe".to_owned()),
            url: Some("https://example.com/pro".to_owned()),
        }),
        billing_source: Some("asaas".to_owned()),
        external: HashMap::from([("clerk".to_owned(), external.clone())]),
        ..plan("Pro", Tier::Pro, "500.00")
    };
    let made = server.create_plan(full.clone()).await;
    assert_eq!(made.fields.as_ref(), Some(&full));
    let mut plans = server.api.plans.clone();
    let read = plans.get_plan(GetPlanRequest { plan_id: made.id.clone() }).await.unwrap();
    assert_eq!(read.into_inner().plan.as_ref(), Some(&made));
    server.create_plan(PlanFields { sort_order: 1, ..plan("Basic", Tier::Premium, "0") }).await;
    server.create_plan(PlanFields { active: false, ..plan("Draft", Tier::Free, "0") }).await;
    assert_eq!(names(&server, false).await, ["Basic", "Pro"]);
    assert_eq!(names(&server, true).await, ["Draft", "Basic", "Pro"]);

    let thief =
        PlanFields { external: HashMap::from([("clerk".to_owned(), external)]), ..full.clone() };
    let request = proto::atelier::billing::v1::CreatePlanRequest { fields: Some(thief) };
    let taken = plans.create_plan(request).await.unwrap_err();
    assert_eq!(reason(&taken), "PLAN_EXTERNAL_ID_TAKEN");

    let update = |etag: &str| UpdatePlanRequest {
        plan_id: made.id.clone(),
        fields: Some(PlanFields { credits: "600".to_owned(), ..Default::default() }),
        update_mask: Some(prost_types::FieldMask {
            paths: vec!["credits".to_owned(), "badge".to_owned()],
        }),
        etag: etag.to_owned(),
    };
    let changed = plans.update_plan(update("r1")).await.unwrap().into_inner().plan.unwrap();
    let expected = PlanFields { credits: "600.00".to_owned(), badge: None, ..full };
    assert_eq!(changed.fields, Some(expected));
    assert_eq!(reason(&plans.update_plan(update("r1")).await.unwrap_err()), "ETAG_MISMATCH");

    let archive = ArchivePlanRequest { plan_id: made.id.clone(), etag: String::new() };
    assert!(
        plans
            .archive_plan(archive)
            .await
            .unwrap()
            .into_inner()
            .plan
            .unwrap()
            .archive_time
            .is_some()
    );
    assert_eq!(names(&server, false).await, ["Basic"]);
    server.end().await;
}

#[tokio::test]
async fn every_field_of_a_plan_that_is_wrong_is_named_at_once() {
    let world = World::new().await;
    let server = world.server(&[]).await;
    let external = ExternalPlan { id: String::new(), name: None };
    let wrong = PlanFields {
        credits: "1.234".to_owned(),
        currency: Some("reais".to_owned()),
        price_monthly_minor: Some(-1),
        external: HashMap::from([("Clerk".to_owned(), external)]),
        ..Default::default()
    };
    let request = proto::atelier::billing::v1::CreatePlanRequest { fields: Some(wrong) };
    let refused = server.api.plans.clone().create_plan(request).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "fields.name",
            "fields.tier",
            "fields.credits",
            "fields.credits_interval",
            "fields.currency",
            "fields.price_monthly_minor",
            "fields.external",
            "fields.external[Clerk].id",
        ]
    );
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057".to_owned();
    let missing = server.api.plans.clone().get_plan(GetPlanRequest { plan_id: nobody }).await;
    assert_eq!(reason(&missing.unwrap_err()), "PLAN_NOT_FOUND");
    server.end().await;
}
