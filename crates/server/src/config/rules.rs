//! What settings must be true of each other. Skips values that are wrong by themselves: those are
//! reported already.

use std::net::SocketAddr;
use std::str::FromStr;

use super::load::Loaded;
use super::problem::Problem;
use super::table::VENDORS;
use super::typed::{PROVIDERS, VERTEX};

pub(super) fn broken(loaded: &Loaded) -> Vec<Problem> {
    let mut problems = Vec::new();
    plain_text_stays_on_loopback(loaded, &mut problems);
    comes_with(loaded, &mut problems, "tls.cert", "tls.key");
    comes_with(loaded, &mut problems, "tls.key", "tls.cert");
    comes_with(loaded, &mut problems, "tls.client_ca", "tls.cert");
    comes_with(loaded, &mut problems, "s3.bucket", "s3.access_key");
    comes_with(loaded, &mut problems, "s3.bucket", "s3.secret_key");
    comes_with(loaded, &mut problems, "s3.endpoint", "s3.bucket");
    comes_with(loaded, &mut problems, "s3.public_endpoint", "s3.bucket");
    comes_with(loaded, &mut problems, "s3.access_key", "s3.bucket");
    comes_with(loaded, &mut problems, "s3.secret_key", "s3.bucket");
    at_most(loaded, &mut problems, "limits.deadline_default_ms", "limits.deadline_max_ms");
    at_most(loaded, &mut problems, "ledger.batch_max", "ledger.queue_max");
    addresses_differ(loaded, &mut problems);
    providers_have_a_vendor(loaded, &mut problems);
    problems
}

fn plain_text_stays_on_loopback(loaded: &Loaded, problems: &mut Vec<Problem>) {
    let Some(address) = get::<SocketAddr>(loaded, "server.listen") else { return };
    let insists = get::<bool>(loaded, "server.insecure_plaintext") == Some(true);
    if !address.ip().is_loopback() && !is_set(loaded, "tls.cert") && !insists {
        let what = "is reachable from other machines without TLS: set tls.cert and tls.key, or \
                    server.insecure_plaintext = true behind a proxy that ends TLS";
        wrong(loaded, problems, "server.listen", what.to_owned());
    }
}

fn comes_with(loaded: &Loaded, problems: &mut Vec<Problem>, given: &str, needed: &str) {
    if is_set(loaded, given) && !is_set(loaded, needed) {
        wrong(loaded, problems, given, format!("is of no use without {needed}"));
    }
}

fn at_most(loaded: &Loaded, problems: &mut Vec<Problem>, smaller: &str, larger: &str) {
    let (Some(small), Some(large)) = (get::<u64>(loaded, smaller), get(loaded, larger)) else {
        return;
    };
    if small > large {
        wrong(loaded, problems, smaller, format!("{small} is more than {larger}, {large}"));
    }
}

fn addresses_differ(loaded: &Loaded, problems: &mut Vec<Problem>) {
    let Some(admin) = get::<SocketAddr>(loaded, "server.admin_listen") else { return };
    // Port 0 asks the system for any free one.
    if get(loaded, "server.listen") == Some(admin) && admin.port() != 0 {
        wrong(loaded, problems, "server.admin_listen", "is server.listen as well".to_owned());
    }
}

fn providers_have_a_vendor(loaded: &Loaded, problems: &mut Vec<Problem>) {
    for name in loaded.names(PROVIDERS) {
        let known = VENDORS.contains(&name.as_str()) || name == VERTEX;
        let field = |field: &str| format!("{PROVIDERS}.{name}.{field}");
        if !known && !is_set(loaded, &field("vendor")) {
            problems.push(Problem {
                subject: field("vendor"),
                origin: None,
                what: format!("must be set: no vendor is called {name:?}"),
            });
        }
        if !is_set(loaded, &field("key")) && !is_set(loaded, &field("base_url")) {
            problems.push(Problem {
                subject: field("key"),
                origin: None,
                what: format!("must be set, or {}", field("base_url")),
            });
        }
    }
}

fn is_set(loaded: &Loaded, key: &str) -> bool {
    loaded.value(key).is_some_and(|value| value.text.is_some())
}

fn get<T: FromStr>(loaded: &Loaded, key: &str) -> Option<T> {
    loaded.value(key)?.text.as_deref()?.parse().ok()
}

fn wrong(loaded: &Loaded, problems: &mut Vec<Problem>, key: &str, what: String) {
    problems.extend(loaded.value(key).map(|value| value.wrong(what)));
}
