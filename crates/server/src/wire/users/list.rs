//! Lists and batches of users.

use kernel::{Line, Timestamp, UserId};
use ports::UserFilter;
use proto::atelier::users::v1 as pb;

use super::AskedUsers;
use super::account::status_from_proto;
use crate::status::Refusal;
use crate::wire::catalog::{maybe_choice, parse_ids};
use crate::wire::fields::{Fields, Violations, given};
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::{check_order, optional_moment};

pub fn parse_list(
    request: pb::ListUsersRequest,
    now: Timestamp,
) -> Result<(UserFilter, AskedUsers), Refusal> {
    let bound = pb::ListUsersRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("users.ListUsers", &bound);
    let pb::ListUsersRequest {
        page_size,
        page_token,
        status,
        created_from,
        created_before,
        prefix,
    } = request;
    let mut fields = Fields::new();
    let status = maybe_choice(&mut fields, "status", status, status_from_proto);
    let from = optional_moment(&mut fields, "created_from", created_from).flatten();
    let before = optional_moment(&mut fields, "created_before", created_before).flatten();
    check_order(&mut fields, ("created_from", from), ("created_before", before));
    // As long as the longest address.
    let prefix = fields.optional::<Line<254>>("prefix", given(&prefix)).flatten();
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let filter = UserFilter {
        status: status.flatten(),
        created_from: from,
        created_before: before,
        prefix: prefix.map(|prefix| prefix.to_string()),
    };
    Ok((filter, asked))
}

pub fn parse_batch(request: pb::BatchGetUsersRequest) -> Result<Vec<UserId>, Violations> {
    let pb::BatchGetUsersRequest { user_ids } = request;
    let mut fields = Fields::new();
    let ids = parse_ids(&mut fields, "user_ids", &user_ids);
    fields.finish(|| ids)
}
