//! What an account with a vendor is configured with, and how it becomes a provider.

use std::fmt;
use std::sync::Arc;

use generation::Ability;
use http::header::{AUTHORIZATION, HeaderName};
use ports::{Clock, Fetcher, Provider};
use url::Url;

use crate::account::Account;
use crate::client::Client;
use crate::dialect::Dialect;
use crate::elevenlabs::ElevenLabs;
use crate::fal::Fal;
use crate::gemini::Gemini;
use crate::key::Key;
use crate::openai::OpenAi;
use crate::recraft::Recraft;
use crate::replicate::Replicate;
use crate::tavily::Tavily;

kernel::named_enums! {
    /// Whose interface is spoken.
    Vendor {
        #[default]
        Gemini = "gemini",
        /// OpenAI's, and every server that speaks like it.
        OpenAi = "openai",
        Recraft = "recraft",
        Fal = "fal",
        Replicate = "replicate",
        ElevenLabs = "elevenlabs",
        Tavily = "tavily",
    }

    /// Which of Google's two houses an account of Gemini's is with.
    Surface {
        /// The Developer API, with its own keys.
        #[default]
        Developer = "developer",
        /// Vertex, with access tokens; its address ends in `/publishers/google`.
        Vertex = "vertex",
    }

    /// How a server that speaks like OpenAI takes the pictures of an edit.
    Edits {
        /// As files of a form to `/images/edits`.
        #[default]
        Form = "form",
        /// As `ref_images` of `/images/generations`, as LocalAI has it.
        References = "references",
    }
}

/// One account with one vendor.
#[derive(Debug, Clone)]
pub struct Config {
    pub vendor: Vendor,
    /// The vendor's own address if none is named. Plain `http` only works where it is named here.
    pub base_url: Option<String>,
    /// Servers of one's own may need none.
    pub key: Option<Key>,
    /// What it is used for; all that the vendor's interface has if nothing is named.
    pub abilities: Option<Vec<Ability>>,
    /// Gemini's alone.
    pub surface: Surface,
    /// Gemini's alone: how models are named that are called by the Interactions interface, by the
    /// beginning of their names. Those of video are, whatever this says.
    pub interactions: Vec<String>,
    /// OpenAI's alone.
    pub edits: Edits,
    /// ElevenLabs' and Gemini's: the voice where none is asked for.
    pub voice: Option<String>,
    /// Replicate's alone: an address of one's own that it tells of what has become of predictions.
    /// The submission's marker is added to it, by which a prediction is found again.
    pub webhook: Option<String>,
}

/// What providers need of the world.
#[derive(Clone)]
pub struct World {
    pub clock: Arc<dyn Clock>,
    /// Fetches what vendors keep on hosts that are not their own, with patience for long films.
    pub fetcher: Arc<dyn Fetcher>,
}

/// Why an account cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("the address of {vendor} must be one of http or https, without credentials and query")]
    BaseUrl { vendor: Vendor },
    #[error("{vendor} needs a key")]
    NoKey { vendor: Vendor },
    #[error("{vendor} cannot make {ability}")]
    Ability { vendor: Vendor, ability: Ability },
    #[error("the webhook of {vendor} must be an address of https")]
    Webhook { vendor: Vendor },
}

impl Config {
    /// The vendor's own address, all that it can do, and no preferences.
    pub fn of(vendor: Vendor, key: Option<Key>) -> Self {
        Self {
            vendor,
            base_url: None,
            key,
            abilities: None,
            surface: Surface::default(),
            interactions: Vec::new(),
            edits: Edits::default(),
            voice: None,
            webhook: None,
        }
    }
}

impl Vendor {
    /// Where it lives.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Recraft => "https://external.api.recraft.ai/v1",
            Self::Fal => "https://queue.fal.run",
            Self::Replicate => "https://api.replicate.com/v1",
            Self::ElevenLabs => "https://api.elevenlabs.io",
            Self::Tavily => "https://api.tavily.com",
        }
    }

    /// What its interface has.
    pub const fn abilities(self) -> &'static [Ability] {
        use Ability::{Edit, Image, Research, Speech, Text, Video};
        match self {
            Self::Gemini | Self::OpenAi => &[Text, Research, Image, Edit, Video, Speech],
            Self::Recraft => &[Image, Edit],
            Self::Fal | Self::Replicate => &[Image, Edit, Video],
            Self::ElevenLabs => &[Speech],
            Self::Tavily => &[Research],
        }
    }

    /// Hosts that get the key beside that of its address.
    const fn own_hosts(self) -> &'static [&'static str] {
        match self {
            Self::Fal => &["queue.fal.run", "fal.run", "queue.falrun.com", "falrun.com"],
            Self::Gemini
            | Self::OpenAi
            | Self::Recraft
            | Self::Replicate
            | Self::ElevenLabs
            | Self::Tavily => &[],
        }
    }

    const fn scheme(self, surface: Surface) -> (HeaderName, &'static str) {
        match (self, surface) {
            (Self::Gemini, Surface::Developer) => (HeaderName::from_static("x-goog-api-key"), ""),
            (Self::Fal, _) => (AUTHORIZATION, "Key "),
            (Self::ElevenLabs, _) => (HeaderName::from_static("xi-api-key"), ""),
            (Self::Gemini | Self::OpenAi | Self::Recraft | Self::Replicate | Self::Tavily, _) => {
                (AUTHORIZATION, "Bearer ")
            }
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

/// Makes a provider of an account. Nothing is sent by this.
pub fn build(config: Config, world: World) -> Result<Arc<dyn Provider>, ConfigError> {
    let vendor = config.vendor;
    let base = config.base_url.as_deref().unwrap_or(vendor.base_url());
    let base = Url::parse(base).ok().filter(is_base).ok_or(ConfigError::BaseUrl { vendor })?;
    let (header, scheme) = vendor.scheme(config.surface);
    let credential = config.key.as_ref().and_then(|key| Some((header, key.header(scheme)?)));
    // A server of one's own may be open.
    if credential.is_none() && config.base_url.is_none() {
        return Err(ConfigError::NoKey { vendor });
    }
    let abilities = config.abilities.clone().unwrap_or_else(|| vendor.abilities().to_vec());
    if let Some(ability) = abilities.iter().find(|one| !vendor.abilities().contains(one)) {
        return Err(ConfigError::Ability { vendor, ability: *ability });
    }
    let webhook = config
        .webhook
        .as_deref()
        .map(|url| Url::parse(url).ok().filter(|url| url.scheme() == "https" && is_base(url)));
    let webhook = match webhook {
        None => None,
        Some(url) => Some(url.ok_or(ConfigError::Webhook { vendor })?),
    };
    let client = Client::new(base, vendor.own_hosts(), credential, world.clock, world.fetcher);
    let key = config.key.clone();
    let dialect: Box<dyn Dialect> = match vendor {
        Vendor::Gemini => Box::new(Gemini::new(config)),
        Vendor::OpenAi => Box::new(OpenAi { edits: config.edits }),
        Vendor::Recraft => Box::new(Recraft),
        Vendor::Fal => Box::new(Fal),
        Vendor::Replicate => Box::new(Replicate { webhook }),
        Vendor::ElevenLabs => Box::new(ElevenLabs { voice: config.voice }),
        Vendor::Tavily => Box::new(Tavily),
    };
    Ok(Arc::new(Account { vendor, abilities, key, client, dialect }))
}

fn is_base(url: &Url) -> bool {
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let bare = url.username().is_empty() && url.password().is_none();
    web && bare && url.query().is_none() && url.fragment().is_none()
}

#[cfg(test)]
mod tests;
