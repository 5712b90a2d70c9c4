//! How the providers of this server are: asked for nothing, all at the same time.

use std::time::Duration;

use generation::{Class, Failure, Probe, ProbedModel, ProviderLimits, ProviderName, compare};
use kernel::Timestamp;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::instrument;

use super::{Models, ModelsError};
use crate::unit::unit;

/// How long a provider may take to answer. Whoever calls waits for all of them.
const PATIENCE: Duration = Duration::from_secs(15);

/// What came of asking a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It answers and takes its key.
    Ready,
    /// It answers. Nothing that is free tells whether it takes its key.
    Answers,
    /// It answers, and does not take its key.
    KeyRefused,
    /// It does not answer, or not as it should.
    Unreachable,
}

/// How a provider is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbedProvider {
    pub provider: ProviderName,
    pub reach: Reach,
    /// What it said that did not answer as it should.
    pub message: Option<String>,
    /// Until when nobody is sent there, by what all processes know.
    pub closed_until: Option<Timestamp>,
    pub limits: ProviderLimits,
    pub models: Vec<ProbedModel>,
}

impl Models {
    /// How these providers are, by name; all that are set up if none is named.
    #[instrument(skip_all)]
    pub async fn probe(&self, names: &[ProviderName]) -> Result<Vec<ProbedProvider>, ModelsError> {
        if let Some(unknown) = names.iter().find(|name| !self.providers.is_set_up(name)) {
            return Err(ModelsError::ProviderNotFound(unknown.clone()));
        }
        let asked =
            self.providers.iter().filter(|(name, _)| names.is_empty() || names.contains(name));
        let asked: Vec<_> = asked.collect();
        let models = self.reads.list_models().await?;
        let mut tasks = JoinSet::new();
        for (place, (_, set_up)) in asked.iter().enumerate() {
            let provider = set_up.provider.clone();
            tasks.spawn(async move {
                let answer = timeout(PATIENCE, provider.probe()).await;
                let late = |_| Err(Failure::new(Class::Transient, "it takes too long to answer"));
                (place, answer.unwrap_or_else(late))
            });
        }
        let mut answers = vec![None; asked.len()];
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok((place, answer)) => answers[place] = Some(answer),
                Err(error) => tracing::error!(%error, "a provider could not be asked"),
            }
        }
        let gauges = unit!(self.store, ModelsError, |tx| {
            let mut gauges = Vec::with_capacity(asked.len());
            for (name, _) in &asked {
                gauges.push(tx.find_gauge(name).await?);
            }
            Ok(gauges)
        })?;
        let now = self.clock.now();
        let found = asked.into_iter().zip(answers).zip(gauges);
        Ok(found
            .map(|(((name, set_up), answer), gauge)| {
                let (reach, message, offered) = read(answer);
                ProbedProvider {
                    provider: name.clone(),
                    reach,
                    message,
                    closed_until: gauge.and_then(|gauge| gauge.closed_until).filter(|at| *at > now),
                    limits: set_up.limits,
                    models: compare(&models, name, offered.as_deref()),
                }
            })
            .collect())
    }
}

/// What an answer says; none at all is the end of whoever asked.
fn read(
    answer: Option<Result<Probe, Failure>>,
) -> (Reach, Option<String>, Option<Vec<generation::Offered>>) {
    match answer {
        Some(Ok(Probe::Listed(offered))) => (Reach::Ready, None, Some(offered)),
        Some(Ok(Probe::Accepted)) => (Reach::Ready, None, None),
        Some(Ok(Probe::Reached)) => (Reach::Answers, None, None),
        Some(Err(failure)) => {
            let reach = match failure.class {
                Class::AuthFailed => Reach::KeyRefused,
                // Whoever limits or bills us knows us.
                Class::RateLimited { .. } | Class::QuotaExhausted { .. } => Reach::Ready,
                Class::InvalidArgument
                | Class::ContentRefused { .. }
                | Class::ModelRetired
                | Class::Transient
                | Class::Ambiguous
                | Class::ProviderFailed { .. }
                | Class::OutputLost => Reach::Unreachable,
            };
            (reach, Some(failure.message), None)
        }
        None => (Reach::Unreachable, Some("it could not be asked".to_owned()), None),
    }
}
