//! Every setting there is: its key, form, default, and what for. `docs/configuration.md` and
//! `atelier config show` are made of this table; `typed` reads its values.

use super::kind::Kind;

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// `<concern>.<name>`; a number's name ends in its unit. Where there may be several of a kind,
    /// `<concern>.*.<name>`: whoever sets one names it in the place of the star.
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    /// `None` for a setting that may be absent, or that some commands cannot do without.
    pub(super) default: Option<&'static str>,
    /// Whether its value is hidden wherever settings are shown.
    pub(super) secret: bool,
    /// What it is for, and why its default is what it is.
    pub(super) doc: &'static str,
}

impl Setting {
    /// Whether there may be several, told apart by their names.
    pub(super) fn is_named(&self) -> bool {
        self.key.contains('*')
    }

    /// Whether a key is this one's.
    pub(super) fn is(&self, key: &str) -> bool {
        let Some((before, after)) = self.key.split_once('*') else { return self.key == key };
        let name = key.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        name.is_some_and(is_name)
    }
}

/// Whether something may be called that: 1 to 32 small letters, digits, `-` and `_`.
fn is_name(text: &str) -> bool {
    let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    (1..=32).contains(&text.len()) && text.bytes().all(letters)
}

const fn setting(
    key: &'static str,
    kind: Kind,
    default: Option<&'static str>,
    doc: &'static str,
) -> Setting {
    Setting { key, kind, default, secret: false, doc }
}

const fn secret(key: &'static str, kind: Kind, doc: &'static str) -> Setting {
    Setting { key, kind, default: None, secret: true, doc }
}

const fn whole(min: u64, max: u64) -> Kind {
    Kind::Whole { min, max }
}

/// What settings of providers may say, in the words of the adapters: a test compares them.
pub(super) const VENDORS: &[&str] =
    &["gemini", "openai", "recraft", "fal", "replicate", "elevenlabs", "tavily"];
pub(super) const ABILITIES: &[&str] = &["text", "research", "image", "edit", "video", "speech"];
pub(super) const SURFACES: &[&str] = &["developer", "vertex"];
pub(super) const EDITS: &[&str] = &["form", "references"];

pub(super) const SETTINGS: &[Setting] = &[
    setting(
        "server.listen",
        Kind::Address,
        Some("127.0.0.1:7443"),
        "Where calls come in. Loopback by default: nothing is reachable from outside until somebody \
         says so.",
    ),
    setting(
        "server.admin_listen",
        Kind::Address,
        None,
        "Where metrics and health are served over HTTP. Absent by default: they are for operators, \
         and nobody is asked for a credential there.",
    ),
    setting(
        "server.insecure_plaintext",
        Kind::Flag,
        Some("false"),
        "Whether calls may come in without TLS from other machines, as behind a proxy that ends \
         TLS. False by default: keys would cross the network in the clear.",
    ),
    setting(
        "server.drain_lame_duck_ms",
        whole(0, 300_000),
        Some("5000"),
        "How long a server that is told to stop still takes calls while it reports that it is not \
         ready. 5 s is the usual period of a load balancer's checks.",
    ),
    setting(
        "server.drain_in_flight_ms",
        whole(0, 600_000),
        Some("20000"),
        "How long calls in flight may take after that before they are cut. With the lame duck's 5 s \
         it stays under the 30 s after which most supervisors kill.",
    ),
    setting(
        "server.trusted_proxies",
        whole(0, 8),
        Some("0"),
        "How many proxies stand before the server and add to `x-forwarded-for`: the address of \
         callers in activity logs is the one that the outermost of them saw. None by default: the \
         header is then anybody's to write, and the peer's own address counts.",
    ),
    setting(
        "tls.cert",
        Kind::Path,
        None,
        "A PEM file with the certificate chain, the server's own first. It is read again when it \
         changes. Absent by default: certificates cannot be guessed.",
    ),
    setting(
        "tls.key",
        Kind::Path,
        None,
        "A PEM file with the certificate's private key. Goes with `tls.cert`.",
    ),
    setting(
        "tls.client_ca",
        Kind::Path,
        None,
        "A PEM file with the authorities whose client certificates are asked for (mTLS). Absent by \
         default: API keys tell callers apart.",
    ),
    setting(
        "limits.max_connections",
        whole(1, 1_000_000),
        Some("512"),
        "How many connections may be open. One carries many calls; 512 is half of the 1,024 files \
         that a process may usually have open.",
    ),
    setting(
        "limits.max_in_flight",
        whole(1, 1_000_000),
        Some("2048"),
        "How many calls may be under way. 2,048 are about 0.1 s of ledger work: a call that would \
         wait longer is better refused at once and sent again.",
    ),
    setting(
        "limits.message_bytes",
        whole(1_024, 67_108_864),
        Some("1048576"),
        "How large a request message may be. 1 MiB holds the longest prompt many times; files go \
         to S3 and not through here.",
    ),
    setting(
        "limits.deadline_default_ms",
        whole(1, 600_000),
        Some("10000"),
        "How long a call may take whose caller does not say. 10 s is far above any call that goes \
         well.",
    ),
    setting(
        "limits.deadline_max_ms",
        whole(1, 600_000),
        Some("60000"),
        "How long a call may take whatever its caller says. After a minute nobody waits any more, \
         but a statement would still hold its locks.",
    ),
    secret(
        "database.url",
        Kind::Url(&["postgres", "postgresql"]),
        "Where Postgres is, with user and password: `postgres://user:password@host:5432/name`. \
         Secret for the password's sake. No default: no guess would be safe.",
    ),
    setting(
        "database.pool_max",
        whole(1, 1_000),
        Some("16"),
        "How many connections to Postgres each process opens at most for what it does by keys, and \
         as many more for lists and searches, whose statements are planned otherwise. 16 kept two \
         cores of Postgres busy in measurements; all processes together must stay below its \
         `max_connections`.",
    ),
    setting(
        "database.connect_timeout_ms",
        whole(1, 600_000),
        Some("5000"),
        "How long to wait for a connection, new or from the pool. 5 s outlasts a failover's first \
         moments and is half of a call's default deadline.",
    ),
    setting(
        "database.slow_query_ms",
        whole(0, 600_000),
        Some("250"),
        "Statements that take this long or longer are logged. 250 ms is a hundred times what the \
         statements here take. 0 logs all of them.",
    ),
    setting(
        "database.tls_ca",
        Kind::Path,
        None,
        "A PEM file with the authorities that vouch for Postgres. With it, connections to Postgres \
         are made by TLS only. Absent by default, as for a socket or a private network.",
    ),
    setting(
        "s3.endpoint",
        Kind::Url(&["http", "https"]),
        None,
        "Where the object store is, if it is not Amazon's.",
    ),
    setting(
        "s3.public_endpoint",
        Kind::Url(&["http", "https"]),
        None,
        "Where clients reach the object store, if that is not `s3.endpoint`: the addresses of \
         uploads and downloads begin with it.",
    ),
    setting(
        "s3.region",
        Kind::Text,
        Some("us-east-1"),
        "The bucket's region. Other makers' stores take any; us-east-1 is what they pretend to be.",
    ),
    setting(
        "s3.bucket",
        Kind::Text,
        None,
        "The bucket that media is kept in. Without it there is \
         no object store.",
    ),
    setting("s3.access_key", Kind::Text, None, "The access key's id. Goes with `s3.bucket`."),
    secret("s3.secret_key", Kind::Text, "The access key's secret. Goes with `s3.bucket`."),
    setting(
        "s3.path_style",
        Kind::Flag,
        Some("false"),
        "Whether the bucket is named in the path and not in the host. False by default as Amazon \
         has it; most other stores need true.",
    ),
    setting(
        "imports.reachable",
        Kind::Addresses,
        None,
        "Addresses that files may be imported from although they are not public, in plain text \
         too. Absent by default: a caller must not reach into the network of the server.",
    ),
    setting(
        "activity.keep_days",
        whole(0, 36_500),
        Some("0"),
        "How long entries of activity logs are kept. 0 by default: for ever, as long as their user. \
         Older ones are deleted within an hour.",
    ),
    secret(
        "auth.pepper",
        Kind::Pepper,
        "The key under which API keys are hashed, the same in every process. Whoever loses it \
         issues all keys anew. Make one with `openssl rand -base64 32`. No default: a known pepper \
         is none.",
    ),
    setting(
        "auth.cache_ms",
        whole(0, 5_000),
        Some("1000"),
        "How long the answer about an API key is remembered, which is how late its revocation may \
         come. 1 s spares nearly all look-ups; above 5 s \"within seconds\" would not be true. 0 \
         asks the database at every call.",
    ),
    setting(
        "ledger.shards",
        whole(1, 64),
        Some("2"),
        "How many batches of commands are committed side by side, each for its share of the users \
         and on a connection of its own. 2: while one waits for the disk, the other computes; more \
         make smaller batches.",
    ),
    setting(
        "ledger.batch_max",
        whole(1, 1_000),
        Some("500"),
        "How many commands one commit takes. 500 is where throughput stopped to grow in \
         measurements.",
    ),
    setting(
        "ledger.queue_max",
        whole(1_000, 100_000),
        Some("4000"),
        "How many commands may wait in each shard before new ones are refused: at least as many as \
         one call may bring. Eight full batches are about 0.3 s of waiting.",
    ),
    setting(
        "ledger.refund_grace_days",
        whole(0, 3_650),
        Some("30"),
        "How long credits can be spent that are refunded after their lot has expired. 30 days: a \
         refund is not the user's doing, so a month's allowance comes back as a month.",
    ),
    setting(
        "ledger.signup_credits",
        Kind::Credits,
        Some("0.00"),
        "What a new user is given. Nothing by default: credits cost money, so giving them away is \
         said and not assumed.",
    ),
    setting(
        "product.profile",
        Kind::Choice(&["none", "vibe", "cinematic", "characters", "pedro", "saas"]),
        Some("none"),
        "Whose defaults to begin with: settings below all other layers, and operation types, \
         prices and plans where there are none yet. None by default: what is sold and given away is said \
         and not assumed. `docs/billing.md` has the table.",
    ),
    setting(
        "billing.free_allowance",
        Kind::Credits,
        Some("0.00"),
        "What everyone without a subscription is given each month, good for that month. Nothing by \
         default, as with `ledger.signup_credits`.",
    ),
    setting(
        "billing.allowance_month",
        Kind::Choice(&["anniversary", "calendar"]),
        Some("anniversary"),
        "When the months of the free allowance begin: on the day of the month on which the user \
         was created, or on the first, both in UTC. The anniversary by default: it spreads the load and \
         gives nobody a month of two days.",
    ),
    setting(
        "billing.payment_grace_days",
        whole(0, 365),
        Some("7"),
        "How long a tier lasts after a payment has failed. 7 days: cards are tried again within a \
         week as a rule.",
    ),
    setting(
        "billing.daily_quota_free",
        whole(0, 1_000_000_000),
        None,
        "How many units a day users of the free tier have. Absent by default: there is no end.",
    ),
    setting(
        "billing.daily_quota_premium",
        whole(0, 1_000_000_000),
        None,
        "The same for the premium tier.",
    ),
    setting("billing.daily_quota_pro", whole(0, 1_000_000_000), None, "The same for the pro tier."),
    setting(
        "billing.daily_quota_enterprise",
        whole(0, 1_000_000_000),
        None,
        "The same for the enterprise tier.",
    ),
    setting(
        "jobs.slots",
        whole(0, 10_000),
        Some("64"),
        "How many jobs each process works on at once. They wait for providers most of the time: 64 \
         keep one processor awake. 0: this process takes none on, as a server beside workers.",
    ),
    setting(
        "jobs.running_max",
        whole(1, 1_000),
        Some("8"),
        "How many jobs of one user run at once, in all processes together. The others wait their \
         turn: 8 let one character's views run beside a film.",
    ),
    setting(
        "jobs.lease_ms",
        whole(1_000, 3_600_000),
        Some("60000"),
        "How long a worker has a job without a sign of life, which it gives every third of that. \
         Jobs of a worker that was killed go on after it. A minute outlasts a Postgres that fails \
         over; whoever has it longer loses nothing but time.",
    ),
    setting(
        "studio.stands_in",
        Kind::Flag,
        Some("false"),
        "Whether the built-in studio makes what a vendor's model would make where the vendor is not \
         set up or down. False by default: nobody is to pay for a stand-in unawares. Read when the \
         catalogue of models is first made.",
    ),
    setting(
        "studio.scripts",
        Kind::Flag,
        Some("false"),
        "Whether the metadata of a job may order the studio to fail, to wait or to refuse, so that \
         every path can be tried by hand. For development: False by default.",
    ),
    setting(
        "providers.*.vendor",
        Kind::Choice(VENDORS),
        None,
        "Whose interface the provider of this name has; `openai` is that of many servers of one's \
         own. Needed unless the name is a vendor's.",
    ),
    secret(
        "providers.*.key",
        Kind::Text,
        "The key of the account. Only servers of one's own, with a `base_url`, may do without.",
    ),
    setting(
        "providers.*.base_url",
        Kind::Url(&["http", "https"]),
        None,
        "Where it is, if not at the vendor's own address.",
    ),
    setting(
        "providers.*.abilities",
        Kind::Words(ABILITIES),
        None,
        "What it is used for. Absent by default: all that the vendor's interface has.",
    ),
    setting(
        "providers.*.running_max",
        whole(1, 1_000_000),
        None,
        "How many operations it is given at once, by all processes together. Absent by default: as \
         many as there are.",
    ),
    setting(
        "providers.*.starts_per_minute",
        whole(1, 1_000_000),
        None,
        "How many operations are begun there in a minute, by all processes together. Absent by \
         default: as many as there are, until it says itself that they are too many.",
    ),
    setting(
        "providers.*.surface",
        Kind::Choice(SURFACES),
        None,
        "Which of Google's interfaces an account of `gemini` has; `developer` by default, and \
         `vertex` for the provider of that name.",
    ),
    setting(
        "providers.*.interactions",
        Kind::Text,
        None,
        "Beginnings of the names of models that an account of `gemini` calls by Interactions, with \
         commas between them. Models of video are called so in any case.",
    ),
    setting(
        "providers.*.edits",
        Kind::Choice(EDITS),
        None,
        "How a server that speaks like OpenAI takes the pictures of an edit: as files of a `form` by \
         default, or as `references` as LocalAI has it.",
    ),
    setting(
        "providers.*.voice",
        Kind::Text,
        None,
        "The voice of `elevenlabs` and `gemini` where a job asks for none.",
    ),
    setting(
        "providers.*.webhook",
        Kind::Url(&["https"]),
        None,
        "An address of one's own that `replicate` tells what has become of predictions. A \
         prediction whose answer was lost is found again by it.",
    ),
    setting(
        "telemetry.log_format",
        Kind::Choice(&["text", "json"]),
        Some("text"),
        "How log lines look. Text by default, for the reader who has set nothing yet; collectors \
         want json.",
    ),
    setting(
        "telemetry.log_filter",
        Kind::LogFilter,
        Some("info"),
        "What is logged, by level and target. Info is one line per call.",
    ),
    setting(
        "telemetry.otlp_endpoint",
        Kind::Url(&["http", "https"]),
        None,
        "Where traces are sent by OTLP over HTTP. Absent by default: no traces are made.",
    ),
];
