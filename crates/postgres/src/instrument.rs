//! The log of slow statements. Their parameters are never logged: they are people's data.

use std::time::{Duration, Instant};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// Times the statements of one connection.
pub(crate) struct SlowQueries {
    threshold: Duration,
    // Of the last statement that began. Pipelined statements overlap: the time then counts from
    // the last of them, which errs towards fewer lines.
    started: Option<Instant>,
}

impl SlowQueries {
    pub(crate) fn new(threshold: Duration) -> Self {
        Self { threshold, started: None }
    }
}

impl Instrumentation for SlowQueries {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is non-exhaustive")]
        match event {
            InstrumentationEvent::StartQuery { .. } => self.started = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { query, .. } => {
                let elapsed = self.started.take().map(|started| started.elapsed());
                if let Some(elapsed) = elapsed.filter(|elapsed| *elapsed >= self.threshold) {
                    let text = query.to_string();
                    let sql = text.split("-- binds:").next().unwrap_or_default().trim_end();
                    tracing::warn!(
                        db.statement = sql,
                        duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
                        "slow query"
                    );
                }
            }
            _ => {}
        }
    }
}
