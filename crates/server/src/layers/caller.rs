//! From where a call comes, for the activity log: the peer's address or what trusted proxies say,
//! the program's name, and what a service of the product tells of the end user it acts for.

use std::net::IpAddr;
use std::sync::Arc;

use access::Principal;
use http::{HeaderMap, HeaderName, header};
use ports::caller::Caller;
use users::activity::{Actor, Agent};

use super::call::Call;
use crate::status::{FieldViolation, Refusal};

/// The address of the end user for whom a service calls.
pub static END_USER_ADDRESS: HeaderName = HeaderName::from_static("atelier-end-user-address");

/// The program of the end user for whom a service calls.
pub static END_USER_AGENT: HeaderName = HeaderName::from_static("atelier-end-user-agent");

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who makes the call and from where. Refuses an end user's address that is none: it would be
/// missed in every log without anybody noticing.
pub(super) fn of(
    call: &Arc<Call>,
    principal: &Principal,
    headers: &HeaderMap,
    trusted_proxies: usize,
) -> Result<Caller, Refusal> {
    match principal {
        Principal::Service { key, .. } => {
            let told = end_user_address(headers)?;
            let agent = headers.get(&END_USER_AGENT).or_else(|| headers.get(header::USER_AGENT));
            let seen = || forwarded(headers, trusted_proxies).unwrap_or_else(|| call.peer.ip());
            Ok(Caller {
                actor: Actor::ApiKey(*key),
                address: Some(told.unwrap_or_else(seen).to_canonical()),
                agent: agent.and_then(|agent| Agent::from_header(agent.as_bytes())),
                request: call.request_id().parse().ok(),
            })
        }
    }
}

fn end_user_address(headers: &HeaderMap) -> Result<Option<IpAddr>, Refusal> {
    let Some(value) = headers.get(&END_USER_ADDRESS) else { return Ok(None) };
    let address = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    address.map(Some).ok_or_else(|| {
        let problem = "must be an IP address";
        Refusal::fields(vec![FieldViolation::new(END_USER_ADDRESS.as_str(), problem)])
    })
}

/// The address that the outermost of so many proxies saw: each appends the one that it was called
/// from, so that what is before theirs is anybody's own invention.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let back = proxies.checked_sub(1)?;
    let lines = headers.get_all(&FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let seen: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    seen.iter().rev().nth(back)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use access::Scopes;
    use testkit::fixtures::api_key_id;

    use super::*;
    use crate::methods::{Access, Kind, Method};
    use crate::status::ErrorReason;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn caller(pairs: &[(&'static str, &str)], proxies: usize) -> Result<Caller, Refusal> {
        let method = Arc::new(Method::new("/a.B/C", Access::Nobody, Kind::Unary));
        let headers = headers(pairs);
        let call = Arc::new(Call::new(method, ([192, 0, 2, 1], 1).into(), &headers));
        let principal = Principal::Service {
            key: api_key_id(1),
            name: "test".to_owned(),
            scopes: Scopes::all(),
        };
        of(&call, &principal, &headers, proxies)
    }

    fn address(pairs: &[(&'static str, &str)], proxies: usize) -> String {
        caller(pairs, proxies).unwrap().address.unwrap().to_string()
    }

    #[test]
    fn the_peer_counts_unless_proxies_are_trusted() {
        let forged =
            [("x-forwarded-for", "198.51.100.9, 203.0.113.7"), ("x-forwarded-for", "10.0.0.1")];
        assert_eq!(address(&[], 0), "192.0.2.1");
        assert_eq!(address(&forged, 0), "192.0.2.1");
        assert_eq!(address(&forged, 1), "10.0.0.1");
        assert_eq!(address(&forged, 2), "203.0.113.7");
        assert_eq!(address(&forged, 4), "192.0.2.1");
        assert_eq!(address(&[("x-forwarded-for", "unknown")], 1), "192.0.2.1");
    }

    #[test]
    fn a_service_may_tell_of_its_end_user() {
        let told = [
            ("user-agent", "grpc-go/1.0"),
            ("atelier-end-user-address", "::ffff:203.0.113.9"),
            ("atelier-end-user-agent", "Mozilla/5.0"),
            ("x-request-id", "r-1"),
        ];
        let caller = caller(&told, 0).unwrap();
        assert_eq!(caller.actor, Actor::ApiKey(api_key_id(1)));
        assert_eq!(caller.address, Some([203, 0, 113, 9].into()));
        assert_eq!(caller.agent.unwrap().as_str(), "Mozilla/5.0");
        assert_eq!(caller.request.unwrap().as_str(), "r-1");
    }

    #[test]
    fn what_is_no_address_is_refused_by_name() {
        let refused = caller(&[("atelier-end-user-address", "somewhere")], 0).unwrap_err();
        assert_eq!(refused.reason, ErrorReason::InvalidFields);
        assert_eq!(refused.violations[0].field, "atelier-end-user-address");
    }
}
