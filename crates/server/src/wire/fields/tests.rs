//! What the reader of fields notes, and where.

use kernel::{Etag, UserId};
use proto::atelier::common::v1::Scope;

use super::*;

fn noted(violations: Violations) -> Vec<(String, String)> {
    violations.0.into_iter().map(|v| (v.field, v.description)).collect()
}

fn lines(fields: Fields) -> Vec<String> {
    let violations = fields.finish(|| None::<()>).unwrap_err();
    noted(violations).into_iter().map(|(field, problem)| format!("{field} {problem}")).collect()
}

fn paths(paths: &[&str]) -> Option<FieldMask> {
    Some(FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() })
}

#[test]
fn a_request_without_violations_becomes_its_value() {
    let mut fields = Fields::new();
    let id = fields.parse::<UserId>("user_id", "01890a5d-ac96-774b-bcce-b302099a8057");
    let etag = fields.optional::<Etag>("etag", given(""));
    let both = fields.finish(|| Some((id?, etag?))).unwrap();
    assert_eq!(both, ("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(), None));
}

#[test]
fn every_violation_is_noted_under_its_path() {
    let mut fields = Fields::new();
    fields.parse::<UserId>("user_id", "");
    fields.optional::<Etag>("etag", given("7"));
    fields.required("owner", None::<()>, |_, ()| Some(()));
    fields.required("owner", Some("x"), |fields, text| {
        fields.parse::<UserId>("id", text);
        fields.required("deeper", Some("y"), |fields, text| fields.parse::<Etag>("etag", text))
    });
    let items = fields.each("items", vec!["r1", "r", "r2", ""], |fields, text| {
        fields.parse::<Etag>("etag", text)
    });
    assert_eq!(items, None);
    assert_eq!(
        lines(fields),
        [
            "user_id not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "etag is not an etag that this service gave out",
            "owner is required",
            "owner.id not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "owner.deeper.etag is not an etag that this service gave out",
            "items[1].etag is not an etag that this service gave out",
            "items[3].etag is not an etag that this service gave out",
        ]
    );
}

#[test]
fn a_value_made_in_spite_of_a_violation_is_not_answered() {
    let mut fields = Fields::new();
    fields.note("field", "is odd");
    assert!(fields.finish(|| Some(())).is_err());
}

#[test]
fn unknown_and_unspecified_numbers_are_no_choices() {
    let known = |scope: Scope| (scope == Scope::UsersRead).then_some("read");
    for (number, value) in [(2, Some("read")), (3, None), (0, None), (999, None), (-1, None)] {
        let mut fields = Fields::new();
        assert_eq!(fields.choice("scope", number, known), value);
        let wrong =
            if value.is_none() { vec!["scope must be one of the known values"] } else { vec![] };
        assert_eq!(lines(fields), wrong);
    }
}

#[test]
fn a_mask_names_fields_that_can_be_changed_once_each() {
    let allowed = ["email", "username"];
    let mut fields = Fields::new();
    let mask = fields.mask("update_mask", paths(&["username"]), &allowed);
    assert!(mask.names("username") && !mask.names("email"));
    assert!(fields.finish(|| Some(())).is_ok());

    for (mask, wrong) in [
        (None, vec!["update_mask must name at least one field"]),
        (paths(&[]), vec!["update_mask must name at least one field"]),
        (
            paths(&["email", "*", "email", "", "id"]),
            vec![
                "update_mask.paths[1] is not a field that can be changed",
                "update_mask.paths[2] is named twice",
                "update_mask.paths[3] is not a field that can be changed",
                "update_mask.paths[4] is not a field that can be changed",
            ],
        ),
    ] {
        let mut fields = Fields::new();
        fields.mask("update_mask", mask, &allowed);
        assert_eq!(lines(fields), wrong);
    }
}

#[test]
fn a_mask_decides_what_becomes_of_a_field() {
    let mut fields = Fields::new();
    let mask = fields.mask("update_mask", paths(&["a", "b", "c"]), &["a", "b", "c", "d"]);
    assert_eq!(fields.change(&mask, "a", None), Some(Change::<Etag>::Clear));
    assert_eq!(fields.change(&mask, "b", Some("r1")), Some(Change::Set(Etag::FIRST)));
    assert_eq!(fields.change::<Etag>(&mask, "c", Some("x")), None);
    // Nobody asked about it, so nobody hears that it is wrong.
    assert_eq!(fields.change(&mask, "d", Some("x")), Some(Change::<Etag>::Keep));
    assert_eq!(lines(fields), ["c is not an etag that this service gave out"]);
}
