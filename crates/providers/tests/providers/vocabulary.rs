//! The document's tables are true: of failures and of addresses.

use generation::{Class, Credit, Retry, Stage, Verdict};
use providers::Vendor;

const DOCUMENT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/providers.md"));

fn classes() -> Vec<Class> {
    vec![
        Class::InvalidArgument,
        Class::ContentRefused { stage: Stage::Input, categories: Vec::new() },
        Class::RateLimited { retry_after: None },
        Class::QuotaExhausted { until: None },
        Class::AuthFailed,
        Class::ModelRetired,
        Class::Transient,
        Class::Ambiguous,
        Class::ProviderFailed { retryable: true },
        Class::ProviderFailed { retryable: false },
        Class::OutputLost,
    ]
}

fn row(class: &Class) -> [&'static str; 5] {
    let Verdict { retry, fall_back, credits, alert } = class.verdict();
    let retry = match retry {
        Retry::No => "no",
        Retry::BackOff => "after a growing pause",
        Retry::AfterPause => "after the pause it names",
        Retry::Recover => "never; it is looked for",
        Retry::Refetch => "only the file",
    };
    let credits = match credits {
        Credit::Release => "released",
        Credit::Hold => "held",
        Credit::WriteOff => "released, a loss of ours",
    };
    let yes = |is: bool| if is { "yes" } else { "no" };
    [class.as_str(), retry, yes(fall_back), credits, yes(alert)]
}

#[test]
fn the_document_says_where_each_vendor_is() {
    for vendor in Vendor::ALL {
        let row = format!("| {vendor} | `{}` |", vendor.base_url());
        assert!(DOCUMENT.contains(&row), "no row begins with {row}");
    }
}

#[test]
fn the_document_says_what_follows_from_each_failure() {
    let rows: Vec<Vec<&str>> = DOCUMENT
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| line.trim_end_matches('|').split('|').map(str::trim).collect())
        .collect();
    for class in classes() {
        let [name, retry, fall_back, credits, alert] = row(&class);
        let said = rows.iter().any(|row| {
            let [first, _, rest @ ..] = row.as_slice() else { return false };
            first.split('`').next() == Some(name) && rest == [retry, fall_back, credits, alert]
        });
        assert!(said, "no row says `{name}`: {retry}, {fall_back}, {credits}, {alert}");
    }
}
