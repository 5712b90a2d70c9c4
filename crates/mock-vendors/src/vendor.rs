//! The vendors, and what each of them does its own way.

use std::fmt;
use std::str::FromStr;

use crate::check::Problem;
use crate::reply::Reply;
use crate::request::Request;
use crate::turn::Turn;
use crate::{elevenlabs, fal, gemini, openai, recraft, replicate, tavily};

/// Whose wire format is spoken. The name is also the first part of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vendor {
    Gemini,
    Openai,
    /// What local servers make of OpenAI's format.
    Localai,
    Recraft,
    Fal,
    Replicate,
    Elevenlabs,
    Tavily,
}

impl Vendor {
    pub const ALL: [Self; 8] = [
        Self::Gemini,
        Self::Openai,
        Self::Localai,
        Self::Recraft,
        Self::Fal,
        Self::Replicate,
        Self::Elevenlabs,
        Self::Tavily,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Gemini => "gemini",
            Self::Openai => "openai",
            Self::Localai => "localai",
            Self::Recraft => "recraft",
            Self::Fal => "fal",
            Self::Replicate => "replicate",
            Self::Elevenlabs => "elevenlabs",
            Self::Tavily => "tavily",
        }
    }

    /// A key that is taken. The same with `-2` after it is another account's, and is taken too.
    pub fn key(self) -> String {
        format!("mock-{}-key", self.name())
    }

    /// What follows the address of the vendor in the base URL that its clients are given.
    pub fn base_path(self) -> &'static str {
        match self {
            Self::Openai | Self::Localai | Self::Recraft => "/v1",
            Self::Gemini | Self::Fal | Self::Replicate | Self::Elevenlabs | Self::Tavily => "",
        }
    }

    pub(crate) fn takes(self, key: &str) -> bool {
        let known = self.key();
        key == known || key.strip_suffix("-2") == Some(&known)
    }

    pub(crate) fn speaks(self) -> &'static dyn Speaks {
        match self {
            Self::Gemini => &gemini::Gemini,
            Self::Openai => &openai::Openai { local: false },
            Self::Localai => &openai::Openai { local: true },
            Self::Recraft => &recraft::Recraft,
            Self::Fal => &fal::Fal,
            Self::Replicate => &replicate::Replicate,
            Self::Elevenlabs => &elevenlabs::Elevenlabs,
            Self::Tavily => &tavily::Tavily,
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No vendor is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no vendor is called {0:?}")]
pub struct UnknownVendor(pub String);

impl FromStr for Vendor {
    type Err = UnknownVendor;

    fn from_str(name: &str) -> Result<Self, UnknownVendor> {
        let found = Self::ALL.into_iter().find(|vendor| vendor.name() == name);
        found.ok_or_else(|| UnknownVendor(name.to_owned()))
    }
}

/// One thing that can be asked of a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// Answers at once and works on: what is slow or fails shows in its state.
    pub(crate) job: bool,
    /// Whether a key is wanted; addresses of outputs mostly stand for themselves.
    pub(crate) keyed: bool,
}

impl Operation {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, job: false, keyed: true }
    }

    pub(crate) const fn job(name: &'static str) -> Self {
        Self { name, job: true, keyed: true }
    }

    pub(crate) const fn open(name: &'static str) -> Self {
        Self { name, job: false, keyed: false }
    }
}

/// Why a call is not served, before a vendor puts it into its own shape.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    NoRoute,
    /// An id that nobody has, or that another key's owner has.
    NotFound(String),
    Key {
        missing: bool,
    },
    /// The body cannot be read at all.
    Malformed(String),
    Invalid(Vec<Problem>),
    RateLimited {
        seconds: Option<f64>,
    },
    RateLimitedDay,
    Busy,
    Quota(Option<u16>),
    Unavailable,
    Internal,
    /// For safety.
    Input,
    Retired(String),
}

/// The effect of a call that is in order.
pub(crate) type Make = Box<dyn FnOnce(&mut Turn<'_>) -> Reply + Send>;

/// A vendor's way of speaking.
pub(crate) trait Speaks: Sync {
    /// What is asked for; `None` if there is nothing at this path.
    fn operation(&self, request: &Request) -> Option<Operation>;

    /// The key as the vendor takes it.
    fn key(&self, request: &Request) -> Option<String>;

    /// Looks at the whole request, and yields what it will do. Nothing has happened yet.
    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal>;

    /// The vendor's own shape of a refusal. `None` if it shows in an answer that looks like
    /// success, which is then for the effect to write.
    fn refuse(&self, refusal: &Refusal, operation: Option<Operation>) -> Option<Reply>;
}
