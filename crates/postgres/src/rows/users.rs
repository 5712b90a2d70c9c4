//! Rows of users and their identities.

use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{Etag, UserId};
use ports::StoreError;
use users::{
    Account, AccountStatus, Identity, Preferences, Standing, User, UserFields, Visibility,
};
use uuid::Uuid;

use crate::schema::{user_identities, users as user_table};
use crate::types::{corrupt, from_pg, moment, optional, parsed, to_pg};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = user_table, check_for_backend(diesel::pg::Pg))]
pub(crate) struct UserRow {
    id: Uuid,
    email: Option<String>,
    username: Option<String>,
    display_name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    avatar_url: Option<String>,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
    status: String,
    status_reason: Option<String>,
    status_changed_at: Option<PgTimestamp>,
    email_verified_at: Option<PgTimestamp>,
    last_login_at: Option<PgTimestamp>,
    language: String,
    time_zone: String,
    notify_email: bool,
    notify_push: bool,
    visibility: String,
    gallery_showcase: bool,
    content_filter: String,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = user_identities, check_for_backend(diesel::pg::Pg))]
pub(crate) struct IdentityRow {
    issuer: String,
    subject: String,
}

#[derive(Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = user_table)]
pub(crate) struct NewUserRow<'a> {
    id: Uuid,
    created_at: PgTimestamp,
    #[diesel(embed)]
    fields: FieldsRow<'a>,
}

/// What an update may change.
#[derive(Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = user_table, treat_none_as_null = true)]
pub(crate) struct FieldsRow<'a> {
    email: Option<&'a str>,
    username: Option<&'a str>,
    display_name: Option<&'a str>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    avatar_url: Option<&'a str>,
    revision: i64,
    updated_at: PgTimestamp,
    status: &'a str,
    status_reason: Option<&'a str>,
    status_changed_at: Option<PgTimestamp>,
    email_verified_at: Option<PgTimestamp>,
    last_login_at: Option<PgTimestamp>,
    language: &'a str,
    time_zone: &'a str,
    notify_email: bool,
    notify_push: bool,
    visibility: &'a str,
    gallery_showcase: bool,
    content_filter: &'a str,
}

#[derive(Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = user_identities)]
pub(crate) struct NewIdentityRow<'a> {
    issuer: &'a str,
    subject: &'a str,
    user_id: Uuid,
    position: i32,
}

impl<'a> From<&'a User> for NewUserRow<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: *user.id.as_uuid(),
            created_at: to_pg(user.created_at),
            fields: FieldsRow::from(user),
        }
    }
}

impl<'a> From<&'a User> for FieldsRow<'a> {
    fn from(user: &'a User) -> Self {
        let UserFields {
            email,
            email_verified_at,
            username,
            display_name,
            first_name,
            last_name,
            avatar_url,
        } = &user.fields;
        let Account { status, reason, changed_at, last_login_at } = &user.account;
        let Preferences {
            language,
            time_zone,
            notify_email,
            notify_push,
            visibility,
            gallery_showcase,
            content_filter,
        } = &user.preferences;
        Self {
            email: email.as_ref().map(|email| email.as_str()),
            username: username.as_ref().map(|username| username.as_str()),
            display_name: display_name.as_ref().map(|name| name.as_str()),
            first_name: first_name.as_ref().map(|name| name.as_str()),
            last_name: last_name.as_ref().map(|name| name.as_str()),
            avatar_url: avatar_url.as_ref().map(|url| url.as_str()),
            revision: user.etag.revision(),
            updated_at: to_pg(user.updated_at),
            status: status.as_str(),
            status_reason: reason.as_ref().map(|reason| reason.as_str()),
            status_changed_at: changed_at.map(to_pg),
            email_verified_at: email_verified_at.map(to_pg),
            last_login_at: last_login_at.map(to_pg),
            language: language.as_str(),
            time_zone: time_zone.as_str(),
            notify_email: *notify_email,
            notify_push: *notify_push,
            visibility: visibility.as_str(),
            gallery_showcase: *gallery_showcase,
            content_filter: content_filter.as_str(),
        }
    }
}

/// The rows of a user's identities, in their order.
pub(crate) fn identity_rows(user: &User) -> Vec<NewIdentityRow<'_>> {
    let numbered = (0..).zip(&user.identities);
    numbered
        .map(|(position, identity)| NewIdentityRow {
            issuer: identity.issuer.as_str(),
            subject: identity.subject.as_str(),
            user_id: *user.id.as_uuid(),
            position,
        })
        .collect()
}

/// How a user stands, by the columns that decide it.
pub(crate) fn standing(
    (status, visibility, gallery_showcase): (String, String, bool),
) -> Result<Standing, StoreError> {
    let status: AccountStatus = parsed("an account's status", &status)?;
    let visibility: Visibility = parsed("a visibility", &visibility)?;
    Ok(Standing { status, wants_to_show: gallery_showcase && visibility == Visibility::Public })
}

/// Users from their rows, each as often as it has identities, those of one user side by side.
pub(crate) fn users(
    rows: impl IntoIterator<Item = (UserRow, Option<IdentityRow>)>,
) -> Result<Vec<User>, StoreError> {
    let mut users: Vec<User> = Vec::new();
    for (row, identity) in rows {
        let identity = identity.ok_or_else(|| corrupt("a user without identities"))?;
        let identity = Identity::try_from(identity)?;
        match users.last_mut() {
            Some(user) if *user.id.as_uuid() == row.id => user.identities.push(identity),
            Some(_) | None => users.push(user(row, identity)?),
        }
    }
    Ok(users)
}

impl TryFrom<IdentityRow> for Identity {
    type Error = StoreError;

    fn try_from(row: IdentityRow) -> Result<Self, StoreError> {
        let IdentityRow { issuer, subject } = row;
        Ok(Self { issuer: parsed("an issuer", &issuer)?, subject: parsed("a subject", &subject)? })
    }
}

fn user(row: UserRow, first: Identity) -> Result<User, StoreError> {
    let UserRow {
        id,
        email,
        username,
        display_name,
        first_name,
        last_name,
        avatar_url,
        revision,
        created_at,
        updated_at,
        status,
        status_reason,
        status_changed_at,
        email_verified_at,
        last_login_at,
        language,
        time_zone,
        notify_email,
        notify_push,
        visibility,
        gallery_showcase,
        content_filter,
    } = row;
    Ok(User {
        id: UserId::from_uuid(id),
        identities: vec![first],
        fields: UserFields {
            email: optional("an email address", email)?,
            email_verified_at: moment(email_verified_at)?,
            username: optional("a username", username)?,
            display_name: optional("a display name", display_name)?,
            first_name: optional("a first name", first_name)?,
            last_name: optional("a last name", last_name)?,
            avatar_url: optional("an avatar's address", avatar_url)?,
        },
        account: Account {
            status: parsed("an account's status", &status)?,
            reason: optional("a status' reason", status_reason)?,
            changed_at: moment(status_changed_at)?,
            last_login_at: moment(last_login_at)?,
        },
        preferences: Preferences {
            language: parsed("a language", &language)?,
            time_zone: parsed("a time zone", &time_zone)?,
            notify_email,
            notify_push,
            visibility: parsed("a visibility", &visibility)?,
            gallery_showcase,
            content_filter: parsed("a content filter", &content_filter)?,
        },
        etag: Etag::from_revision(revision).ok_or_else(|| corrupt("a user's revision"))?,
        created_at: from_pg(created_at)?,
        updated_at: from_pg(updated_at)?,
    })
}
