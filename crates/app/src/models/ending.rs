//! Telling operators of models that end, before their users find out.

use std::sync::PoisonError;
use std::time::Duration;

use generation::{Day, ModelWarning};

use super::{Models, ModelsError};

/// How many models that can be had end within the notice, or have ended.
const ENDING: &str = "atelier_models_ending";

impl Models {
    /// Looks for models that end, again and again. Each process tells of them once a day.
    pub async fn keep_warning(&self, every: Duration) {
        loop {
            if let Err(error) = self.warn_of_ends().await {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "the catalogue of models could not be looked through");
            }
            tokio::time::sleep(every).await;
        }
    }

    /// Counts the models that end and, once a day, tells of each. Answers how many it told of.
    pub async fn warn_of_ends(&self) -> Result<usize, ModelsError> {
        let all = self.reads.list_models().await?;
        let ends = |warnings: &[ModelWarning]| {
            warnings.contains(&ModelWarning::EndsSoon) || warnings.contains(&ModelWarning::Ended)
        };
        let warned = all.iter().map(|model| self.warned(model, &all));
        let ending: Vec<_> = warned.filter(|one| ends(&one.warnings)).collect();
        metrics::gauge!(ENDING).set(ending.len() as f64);
        if !self.is_new_day() {
            return Ok(0);
        }
        for one in &ending {
            let (name, life) = (&one.model.name, &one.model.life);
            let shutdown = life.shutdown.as_ref().map(Day::as_str);
            let replacement = life.replacement.as_ref().map(|name| name.as_str());
            tracing::warn!(model = %name, shutdown, replacement, "a model ends");
        }
        Ok(ending.len())
    }

    fn is_new_day(&self) -> bool {
        let today = Day::of(self.clock.now());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let new = told.as_ref() != Some(&today);
        *told = Some(today);
        new
    }
}
