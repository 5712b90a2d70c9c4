//! Users on the wire. Accounts and preferences are in `account`, lists in `list`.

mod account;
mod list;

use app::Created;
use kernel::{Change, Page, Position, Timestamp, UserId};
use proto::atelier::users::v1 as pb;
use users::decide::{Create, Delete, Update, Upsert};
use users::{Account, AccountStatus, Email, Identity, User, UserFields, UserPatch};

pub use account::{
    parse_add_identity, parse_login, parse_preferences, parse_remove_identity, parse_status,
    render_batch,
};
pub use list::{parse_batch, parse_list};

use account::{render_preferences, status_to_proto};

use super::fields::{Fields, Mask, Violations, given};
use super::page::Asked;
use super::time::{optional_moment, render_timestamp};

/// What a mask of `UpdateUserRequest` may name.
const PATCH_FIELDS: [&str; 7] = [
    "email",
    "username",
    "display_name",
    "first_name",
    "last_name",
    "avatar_url",
    "email_verified_time",
];

/// A page of users.
pub type AskedUsers = Asked<Position<UserId>>;

pub fn parse_create(request: pb::CreateUserRequest) -> Result<Create, Violations> {
    let pb::CreateUserRequest {
        identity,
        email,
        username,
        display_name,
        first_name,
        last_name,
        avatar_url,
        email_verified_time,
    } = request;
    let mut fields = Fields::new();
    let identity = fields.required("identity", identity, parse_identity);
    let email = fields.optional("email", email.as_deref());
    let username = fields.optional("username", username.as_deref());
    let display_name = fields.optional("display_name", display_name.as_deref());
    let first_name = fields.optional("first_name", first_name.as_deref());
    let last_name = fields.optional("last_name", last_name.as_deref());
    let avatar_url = fields.optional("avatar_url", avatar_url.as_deref());
    let verified = optional_moment(&mut fields, "email_verified_time", email_verified_time);
    fields.finish(|| {
        let email: Option<Email> = email?;
        Some(Create {
            identity: identity?,
            fields: UserFields {
                // Without an address there is none to have verified.
                email_verified_at: verified?.filter(|_| email.is_some()),
                email,
                username: username?,
                display_name: display_name?,
                first_name: first_name?,
                last_name: last_name?,
                avatar_url: avatar_url?,
            },
        })
    })
}

pub fn parse_get(request: pb::GetUserRequest) -> Result<UserId, Violations> {
    let pb::GetUserRequest { user_id } = request;
    let mut fields = Fields::new();
    let user_id = fields.parse("user_id", &user_id);
    fields.finish(|| user_id)
}

pub fn parse_get_by_email(request: pb::GetUserByEmailRequest) -> Result<Email, Violations> {
    let pb::GetUserByEmailRequest { email } = request;
    let mut fields = Fields::new();
    let email = fields.parse("email", &email);
    fields.finish(|| email)
}

pub fn parse_get_by_identity(
    request: pb::GetUserByIdentityRequest,
) -> Result<Identity, Violations> {
    let pb::GetUserByIdentityRequest { identity } = request;
    let mut fields = Fields::new();
    let identity = fields.required("identity", identity, parse_identity);
    fields.finish(|| identity)
}

pub fn parse_update(request: pb::UpdateUserRequest) -> Result<Update, Violations> {
    let pb::UpdateUserRequest { user_id, user, update_mask, etag } = request;
    let mut fields = Fields::new();
    let user_id = fields.parse("user_id", &user_id);
    let mask = fields.mask("update_mask", update_mask, &PATCH_FIELDS);
    let patch = fields.required("user", user, |fields, user| parse_patch(fields, &mask, user));
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some(Update { user: user_id?, patch: patch?, expected: expected? }))
}

pub fn parse_upsert(request: pb::UpsertUserRequest) -> Result<Upsert, Violations> {
    let pb::UpsertUserRequest { identity, user, update_mask } = request;
    let mut fields = Fields::new();
    let identity = fields.required("identity", identity, parse_identity);
    let mask = fields.mask("update_mask", update_mask, &PATCH_FIELDS);
    let patch = fields.required("user", user, |fields, user| parse_patch(fields, &mask, user));
    fields.finish(|| Some(Upsert { identity: identity?, patch: patch? }))
}

pub fn parse_delete(request: pb::DeleteUserRequest) -> Result<Delete, Violations> {
    let pb::DeleteUserRequest { user_id, etag } = request;
    let mut fields = Fields::new();
    let user_id = fields.parse("user_id", &user_id);
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some(Delete { user: user_id?, expected: expected? }))
}

pub fn render_created(created: Created) -> pb::CreateUserResponse {
    let Created { user, created } = created;
    pb::CreateUserResponse { user: Some(render_user(user)), created }
}

pub fn render_upserted(upserted: Created) -> pb::UpsertUserResponse {
    let Created { user, created } = upserted;
    pb::UpsertUserResponse { user: Some(render_user(user)), created }
}

pub fn render_page(
    asked: &AskedUsers,
    page: Page<User, Position<UserId>>,
    now: Timestamp,
) -> pb::ListUsersResponse {
    let (users, next_page_token) = asked.fill(page, now, User::position, render_user);
    pb::ListUsersResponse { users, next_page_token }
}

pub fn render_user(user: User) -> pb::User {
    let User { id, identities, fields, account, preferences, etag, created_at, updated_at } = user;
    let UserFields {
        email,
        email_verified_at,
        username,
        display_name,
        first_name,
        last_name,
        avatar_url,
    } = fields;
    let Account { status, reason, changed_at, last_login_at } = account;
    pb::User {
        id: id.to_string(),
        identities: identities.into_iter().map(render_identity).collect(),
        email: email.map(|email| email.to_string()),
        username: username.map(|username| username.to_string()),
        display_name: display_name.map(|name| name.to_string()),
        first_name: first_name.map(|name| name.to_string()),
        last_name: last_name.map(|name| name.to_string()),
        avatar_url: avatar_url.map(|url| url.to_string()),
        etag: etag.to_string(),
        create_time: Some(render_timestamp(created_at)),
        update_time: Some(render_timestamp(updated_at)),
        status: status_to_proto(status).into(),
        status_reason: reason.map(|reason| reason.to_string()),
        status_change_time: changed_at.map(render_timestamp),
        active: status == AccountStatus::Active,
        email_verified_time: email_verified_at.map(render_timestamp),
        last_login_time: last_login_at.map(render_timestamp),
        preferences: Some(render_preferences(preferences)),
    }
}

fn render_identity(identity: Identity) -> pb::Identity {
    let Identity { issuer, subject } = identity;
    pb::Identity { issuer: issuer.to_string(), subject: subject.to_string() }
}

pub(super) fn parse_identity(fields: &mut Fields, identity: pb::Identity) -> Option<Identity> {
    let pb::Identity { issuer, subject } = identity;
    let issuer = fields.parse("issuer", &issuer);
    let subject = fields.parse("subject", &subject);
    Some(Identity { issuer: issuer?, subject: subject? })
}

fn parse_patch(fields: &mut Fields, mask: &Mask, patch: pb::UserPatch) -> Option<UserPatch> {
    let pb::UserPatch {
        email,
        username,
        display_name,
        first_name,
        last_name,
        avatar_url,
        email_verified_time,
    } = patch;
    let email = fields.change(mask, "email", email.as_deref());
    let username = fields.change(mask, "username", username.as_deref());
    let display_name = fields.change(mask, "display_name", display_name.as_deref());
    let first_name = fields.change(mask, "first_name", first_name.as_deref());
    let last_name = fields.change(mask, "last_name", last_name.as_deref());
    let avatar_url = fields.change(mask, "avatar_url", avatar_url.as_deref());
    let verified = optional_moment(fields, "email_verified_time", email_verified_time);
    let verified = verified.map(|at| match at {
        _ if !mask.names("email_verified_time") => Change::Keep,
        None => Change::Clear,
        Some(at) => Change::Set(at),
    });
    Some(UserPatch {
        email: email?,
        email_verified_at: verified?,
        username: username?,
        display_name: display_name?,
        first_name: first_name?,
        last_name: last_name?,
        avatar_url: avatar_url?,
    })
}

#[cfg(test)]
mod tests;
