//! Who calls, and whether they may: the credential first, then the method's scope, then the
//! handler. A path that is not in the table of methods goes no further than this.

use std::sync::Arc;

use access::{Denial, Principal};
use http::{HeaderMap, Request, Response, header};
use ports::Authenticator;
use tonic::body::Body;

use super::Stage;
use super::call::Call;
use super::caller;
use crate::methods::Access;
use crate::status::{ErrorReason, Refusal};

// The whole `Bearer …`; a header list may have 16 KiB in all.
const CREDENTIAL_BYTES_MAX: usize = 8 * 1024;

pub(crate) struct Authority<S> {
    next: S,
    authenticator: Arc<dyn Authenticator>,
    trusted_proxies: usize,
}

impl<S> Authority<S> {
    pub(crate) fn new(
        next: S,
        authenticator: Arc<dyn Authenticator>,
        trusted_proxies: usize,
    ) -> Self {
        Self { next, authenticator, trusted_proxies }
    }

    async fn principal(&self, headers: &HeaderMap) -> Result<Principal, Refusal> {
        let credential = credential(headers).map_err(denied)?;
        self.authenticator.authenticate(credential).await?.map_err(denied)
    }
}

impl<S: Stage<Error = Refusal>> Stage for Authority<S> {
    type Body = S::Body;
    type Error = Refusal;

    async fn call(
        &self,
        call: &Arc<Call>,
        mut request: Request<Body>,
    ) -> Result<Response<S::Body>, Refusal> {
        let mut caller = None;
        if call.method.access != Access::Public {
            let principal = self.principal(request.headers()).await?;
            let Principal::Service { key, .. } = &principal;
            // Set once: a call passes here once.
            let _ = call.key.set(*key);
            match call.method.access {
                Access::Public => {}
                Access::Scope(scope) if principal.may(scope) => {}
                Access::Scope(scope) => {
                    let text = format!("the credential lacks the scope {scope}");
                    return Err(Refusal::new(ErrorReason::ScopeMissing, text).with("scope", scope));
                }
                Access::Nobody => {
                    let text = "there is no such method here";
                    return Err(Refusal::new(ErrorReason::UnknownMethod, text));
                }
            }
            caller = Some(caller::of(call, &principal, request.headers(), self.trusted_proxies)?);
            request.extensions_mut().insert(principal);
        }
        // No handler needs it, and what is not there cannot be logged.
        request.headers_mut().remove(header::AUTHORIZATION);
        let work = self.next.call(call, request);
        match caller {
            Some(caller) => ports::caller::scope(caller, work).await,
            None => work.await,
        }
    }
}

fn credential(headers: &HeaderMap) -> Result<&str, Denial> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(Denial::Missing)?;
    if values.next().is_some() || value.len() > CREDENTIAL_BYTES_MAX {
        return Err(Denial::Invalid);
    }
    let (scheme, credential) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Denial::Invalid)?;
    let credential = credential.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || credential.is_empty() {
        return Err(Denial::Invalid);
    }
    Ok(credential)
}

fn denied(denial: Denial) -> Refusal {
    let (reason, text) = match denial {
        Denial::Missing => (
            ErrorReason::CredentialMissing,
            "no credential came with the call: send `authorization: Bearer <key>`",
        ),
        Denial::Invalid => (ErrorReason::CredentialInvalid, "the credential is not valid"),
        Denial::Expired => (ErrorReason::CredentialExpired, "the credential has expired"),
        Denial::Revoked => (ErrorReason::CredentialRevoked, "the credential has been revoked"),
    };
    Refusal::new(reason, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Result<String, Denial> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        credential(&headers).map(str::to_owned)
    }

    #[test]
    fn a_bearer_credential_is_read() {
        assert_eq!(read(&["Bearer abc"]), Ok("abc".into()));
        assert_eq!(read(&["bearer  abc "]), Ok("abc".into()));
    }

    #[test]
    fn anything_else_is_missing_or_invalid() {
        assert_eq!(read(&[]), Err(Denial::Missing));
        for values in [&["abc"][..], &["Basic abc"], &["Bearer "], &["Bearer a", "Bearer a"]] {
            assert_eq!(read(values), Err(Denial::Invalid), "{values:?}");
        }
        assert_eq!(read(&[&format!("Bearer {}", "x".repeat(9000))]), Err(Denial::Invalid));
    }
}
