//! The settings as values, one struct per concern. `table` says what each is for.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use access::Pepper;
use billing::profile::Profile;
use billing::{AllowanceMonth, Rules};
use generation::{Ability, ProviderLimits, ProviderName};
use kernel::{Credits, Span};

use super::kind::{Addresses, PepperText};
use super::load::{Loaded, Value};
use super::problem::Problems;
use super::secret::Secret;

/// The concern of the settings of providers, and two names that mean something by themselves.
pub(super) const PROVIDERS: &str = "providers";
const GEMINI: &str = "gemini";
pub(super) const VERTEX: &str = "vertex";

/// Everything that `serve` needs.
#[derive(Debug, Clone)]
pub struct Config {
    pub server: Server,
    /// `None` for plain text.
    pub tls: Option<Tls>,
    pub limits: Limits,
    pub database: Database,
    pub s3: Option<S3>,
    pub imports: Imports,
    /// How long activity logs are kept; for ever if `None`.
    pub activity_kept: Option<Span>,
    pub auth: Auth,
    pub ledger: Ledger,
    pub billing: Billing,
    pub jobs: Jobs,
    pub studio: Studio,
    /// By their names.
    pub providers: Vec<Account>,
    pub telemetry: Telemetry,
}

#[derive(Debug, Clone)]
pub struct Server {
    pub listen: SocketAddr,
    pub admin_listen: Option<SocketAddr>,
    pub insecure_plaintext: bool,
    pub trusted_proxies: usize,
    pub drain: Drain,
}

#[derive(Debug, Clone, Copy)]
pub struct Drain {
    pub lame_duck: Duration,
    pub in_flight: Duration,
}

#[derive(Debug, Clone)]
pub struct Tls {
    pub cert: PathBuf,
    pub key: PathBuf,
    pub client_ca: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub max_connections: usize,
    pub max_in_flight: usize,
    pub message_bytes: usize,
    pub deadline_default: Duration,
    pub deadline_max: Duration,
}

#[derive(Debug, Clone)]
pub struct Database {
    pub url: Secret<String>,
    pub pool_max: u32,
    pub connect_timeout: Duration,
    pub slow_query: Duration,
    pub tls_ca: Option<PathBuf>,
}

#[derive(Debug, Clone)]
pub struct S3 {
    pub endpoint: Option<String>,
    pub public_endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: Secret<String>,
    pub path_style: bool,
}

#[derive(Debug, Clone)]
pub struct Imports {
    pub reachable: Vec<SocketAddr>,
}

#[derive(Debug, Clone)]
pub struct Auth {
    pub pepper: Pepper,
    pub cache: Duration,
}

#[derive(Debug, Clone, Copy)]
pub struct Ledger {
    pub shards: usize,
    pub batch_max: usize,
    pub queue_max: usize,
    pub refund_grace: Span,
    pub signup_credits: Credits,
}

#[derive(Debug, Clone, Copy)]
pub struct Billing {
    pub profile: Profile,
    pub rules: Rules,
}

#[derive(Debug, Clone, Copy)]
pub struct Jobs {
    pub slots: usize,
    pub running_max: u16,
    pub lease: Span,
}

#[derive(Debug, Clone, Copy)]
pub struct Studio {
    pub stands_in: bool,
    pub scripts: bool,
}

/// A provider of another house.
#[derive(Debug, Clone)]
pub struct Account {
    pub name: ProviderName,
    pub vendor: String,
    pub key: Option<Secret<String>>,
    pub base_url: Option<String>,
    pub abilities: Option<Vec<Ability>>,
    pub limits: ProviderLimits,
    pub surface: String,
    pub interactions: Vec<String>,
    pub edits: String,
    pub voice: Option<String>,
    pub webhook: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Telemetry {
    pub log_format: LogFormat,
    pub log_filter: String,
    pub otlp_endpoint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

impl Loaded {
    /// What `serve` needs.
    pub fn config(&self) -> Result<Config, Problems> {
        self.check(&["database.url", "auth.pepper"])?;
        Ok(Config {
            server: self.read_server(),
            tls: self.read_tls(),
            limits: self.read_limits(),
            database: self.read_database(),
            s3: self.read_s3(),
            imports: self.read_imports(),
            activity_kept: self.read_activity_kept(),
            auth: self.read_auth(),
            ledger: self.read_ledger(),
            billing: self.read_billing(),
            jobs: self.read_jobs(),
            studio: self.read_studio(),
            providers: self.names(PROVIDERS).iter().map(|name| self.read_account(name)).collect(),
            telemetry: self.read_telemetry(),
        })
    }

    /// What `migrate` needs.
    pub fn database(&self) -> Result<Database, Problems> {
        self.check(&["database.url"])?;
        Ok(self.read_database())
    }

    /// What `assets` needs.
    pub fn media(&self) -> Result<(Database, Option<S3>), Problems> {
        self.check(&["database.url", "s3.bucket"])?;
        Ok((self.read_database(), self.read_s3()))
    }

    /// What `keys` needs.
    pub fn access(&self) -> Result<(Database, Auth), Problems> {
        self.check(&["database.url", "auth.pepper"])?;
        Ok((self.read_database(), self.read_auth()))
    }

    /// What `healthcheck` needs.
    pub fn server(&self) -> Result<(Server, Option<Tls>), Problems> {
        self.check(&[])?;
        Ok((self.read_server(), self.read_tls()))
    }

    /// How to log, for commands that need nothing else.
    pub fn telemetry(&self) -> Result<Telemetry, Problems> {
        self.check(&[])?;
        Ok(self.read_telemetry())
    }

    fn read_server(&self) -> Server {
        Server {
            listen: self.need("server.listen"),
            admin_listen: self.get("server.admin_listen"),
            insecure_plaintext: self.need("server.insecure_plaintext"),
            trusted_proxies: self.need("server.trusted_proxies"),
            drain: Drain {
                lame_duck: self.millis("server.drain_lame_duck_ms"),
                in_flight: self.millis("server.drain_in_flight_ms"),
            },
        }
    }

    fn read_tls(&self) -> Option<Tls> {
        Some(Tls {
            cert: self.get("tls.cert")?,
            key: self.get("tls.key")?,
            client_ca: self.get("tls.client_ca"),
        })
    }

    fn read_limits(&self) -> Limits {
        Limits {
            max_connections: self.need("limits.max_connections"),
            max_in_flight: self.need("limits.max_in_flight"),
            message_bytes: self.need("limits.message_bytes"),
            deadline_default: self.millis("limits.deadline_default_ms"),
            deadline_max: self.millis("limits.deadline_max_ms"),
        }
    }

    fn read_database(&self) -> Database {
        Database {
            url: self.need("database.url"),
            pool_max: self.need("database.pool_max"),
            connect_timeout: self.millis("database.connect_timeout_ms"),
            slow_query: self.millis("database.slow_query_ms"),
            tls_ca: self.get("database.tls_ca"),
        }
    }

    fn read_s3(&self) -> Option<S3> {
        Some(S3 {
            endpoint: self.get("s3.endpoint"),
            public_endpoint: self.get("s3.public_endpoint"),
            region: self.need("s3.region"),
            bucket: self.get("s3.bucket")?,
            access_key: self.get("s3.access_key")?,
            secret_key: self.get("s3.secret_key")?,
            path_style: self.need("s3.path_style"),
        })
    }

    fn read_imports(&self) -> Imports {
        let reachable = self.get("imports.reachable").map(|Addresses(addresses)| addresses);
        Imports { reachable: reachable.unwrap_or_default() }
    }

    fn read_activity_kept(&self) -> Option<Span> {
        let days: u32 = self.need("activity.keep_days");
        (days > 0).then(|| Span::from_secs(days.saturating_mul(86_400)))
    }

    fn read_auth(&self) -> Auth {
        let PepperText(pepper) = self.need("auth.pepper");
        Auth { pepper, cache: self.millis("auth.cache_ms") }
    }

    fn read_ledger(&self) -> Ledger {
        let days: u32 = self.need("ledger.refund_grace_days");
        Ledger {
            shards: self.need("ledger.shards"),
            batch_max: self.need("ledger.batch_max"),
            queue_max: self.need("ledger.queue_max"),
            refund_grace: Span::from_secs(days.saturating_mul(86_400)),
            signup_credits: self.need("ledger.signup_credits"),
        }
    }

    fn read_billing(&self) -> Billing {
        let days: u32 = self.need("billing.payment_grace_days");
        let month: String = self.need("billing.allowance_month");
        let calendar = month == AllowanceMonth::Calendar.as_str();
        Billing {
            profile: self.need("product.profile"),
            rules: Rules {
                free_allowance: self.need("billing.free_allowance"),
                allowance_month: if calendar {
                    AllowanceMonth::Calendar
                } else {
                    AllowanceMonth::Anniversary
                },
                payment_grace: Span::from_secs(days.saturating_mul(86_400)),
                daily_quota: [
                    self.get("billing.daily_quota_free"),
                    self.get("billing.daily_quota_premium"),
                    self.get("billing.daily_quota_pro"),
                    self.get("billing.daily_quota_enterprise"),
                ],
            },
        }
    }

    fn read_jobs(&self) -> Jobs {
        let millis: i64 = self.need("jobs.lease_ms");
        Jobs {
            slots: self.need("jobs.slots"),
            running_max: self.need("jobs.running_max"),
            lease: Span::from_micros(millis.saturating_mul(1_000)).expect("the kind has bounds"),
        }
    }

    fn read_studio(&self) -> Studio {
        Studio { stands_in: self.need("studio.stands_in"), scripts: self.need("studio.scripts") }
    }

    fn read_account(&self, name: &str) -> Account {
        let text = |field: &str| self.named::<String>(name, field);
        let vertex = name == VERTEX;
        Account {
            name: name.parse().expect("only names are let through"),
            vendor: text("vendor")
                .unwrap_or_else(|| if vertex { GEMINI.to_owned() } else { name.to_owned() }),
            key: self.named(name, "key"),
            base_url: text("base_url"),
            abilities: text("abilities").map(|words| {
                let words = words.split(',').map(|word| word.trim().parse());
                words.collect::<Result<_, _>>().expect("abilities are of the list")
            }),
            limits: ProviderLimits {
                running_max: self.named(name, "running_max"),
                starts_max: self.named(name, "starts_per_minute"),
            },
            surface: text("surface")
                .unwrap_or_else(|| (if vertex { VERTEX } else { "developer" }).to_owned()),
            interactions: text("interactions").map_or_else(Vec::new, |names| {
                names.split(',').map(|name| name.trim().to_owned()).collect()
            }),
            edits: text("edits").unwrap_or_else(|| "form".to_owned()),
            voice: text("voice"),
            webhook: text("webhook"),
        }
    }

    fn named<T: FromStr>(&self, name: &str, field: &str) -> Option<T> {
        self.value(&format!("{PROVIDERS}.{name}.{field}")).and_then(Value::parsed)
    }

    fn read_telemetry(&self) -> Telemetry {
        Telemetry {
            log_format: self.need("telemetry.log_format"),
            log_filter: self.need("telemetry.log_filter"),
            otlp_endpoint: self.get("telemetry.otlp_endpoint"),
        }
    }

    fn millis(&self, key: &str) -> Duration {
        Duration::from_millis(self.need(key))
    }

    fn need<T: FromStr>(&self, key: &str) -> T {
        self.get(key).expect("check() has passed: the setting has a default or was required")
    }

    fn get<T: FromStr>(&self, key: &str) -> Option<T> {
        self.value(key).expect("only keys of the table are read").parsed()
    }
}

impl Value {
    /// The value of a setting that is set. Only after `check()` has passed.
    fn parsed<T: FromStr>(&self) -> Option<T> {
        let text = self.text.as_deref()?;
        Some(text.parse().ok().expect("a text that its kind accepts parses as its field's type"))
    }
}
