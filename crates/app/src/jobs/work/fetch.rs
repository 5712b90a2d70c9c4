//! Keeping what was made: bytes are fetched, looked at and stored under an id that follows from the
//! job, so that doing it twice leaves one object.

use generation::decide;
use generation::{Class, Delivered, Failure, Job, Made, MadeFile, Piece, RemoteFile};

use super::super::texts::storable;
use super::held::Held;
use super::put::Kept;
use super::{SagaStep, WorkError};

/// The largest file that is fetched: it passes through memory.
const BYTES_MAX: u64 = 256 * 1024 * 1024;

impl Held<'_> {
    /// Notes what was made and keeps it. What came as bytes is in the store before it is noted.
    pub(super) async fn keep(&self, job: &Job, made: Made) -> Result<Job, WorkError> {
        let asked = job.active().map_or(0, |(_, step)| usize::from(step.asked));
        let (mut pieces, mut new, mut lost) = (Vec::new(), Vec::new(), 0_usize);
        for (place, piece) in made.pieces.into_iter().take(asked).enumerate() {
            match piece {
                Piece::File(MadeFile::Bytes(bytes)) => {
                    let kept = match self.develop(job, bytes).await {
                        Ok(developed) => self.put_again_and_again(job, place, &developed).await?,
                        Err(failure) => Err(failure),
                    };
                    match kept {
                        Ok(Kept { piece, assets }) => {
                            pieces.push(piece);
                            new.extend(assets);
                        }
                        Err(failure) => {
                            tracing::warn!(%failure, "what was made is of no use");
                            lost += 1;
                        }
                    }
                }
                Piece::File(MadeFile::Remote(file)) => pieces.push(Delivered::Remote(file)),
                Piece::Text(text) => pieces.push(Delivered::Text(storable(text))),
                Piece::Concept(concept) => pieces.push(Delivered::Concept(clean_concept(concept))),
                Piece::Research { answer, sources } => {
                    let sources = sources.into_iter().map(clean_source).collect();
                    pieces.push(Delivered::Research { answer: storable(answer), sources });
                }
                Piece::Segments(segments) => {
                    let segments = segments.into_iter().map(clean_segment).collect();
                    pieces.push(Delivered::Segments(segments));
                }
            }
        }
        if lost > 0 || pieces.is_empty() {
            tracing::warn!(lost, kept = pieces.len(), asked, "not all that was asked for was made");
        }
        if !new.is_empty() {
            new.extend(self.sheet(job, &pieces, &new).await?);
            self.saga.reached(SagaStep::BytesStored, job).await?;
        }
        let remote = pieces.iter().any(Delivered::is_remote);
        let job = self
            .change_with(job, &new, |job, now| {
                let noted = decide::made(job, pieces.clone(), now)?;
                if remote { Ok(noted) } else { decide::stored(noted, pieces.clone(), now) }
            })
            .await?;
        let reached = if remote { SagaStep::MadeNoted } else { SagaStep::Settled };
        self.saga.reached(reached, &job).await?;
        Ok(job)
    }

    /// Fetches what is still with the provider, and notes what is ours in the end.
    pub(super) async fn fetch(&self, job: &Job) -> Result<Job, WorkError> {
        let Some((_, step)) = job.active() else { return Ok(job.clone()) };
        let (mut pieces, mut new) = (Vec::new(), Vec::new());
        let (mut gone, mut again) = (None, None);
        for (place, piece) in step.pieces.iter().enumerate() {
            let Delivered::Remote(file) = piece else {
                pieces.push(piece.clone());
                continue;
            };
            match self.fetch_one(job, place, file).await? {
                Ok(Kept { piece, assets }) => {
                    pieces.push(piece);
                    new.extend(assets);
                }
                Err(failure) if failure.class == Class::OutputLost => {
                    gone = Some(failure);
                    pieces.push(piece.clone());
                }
                Err(failure) => {
                    again = Some(failure);
                    pieces.push(piece.clone());
                }
            }
        }
        if !new.is_empty() {
            self.saga.reached(SagaStep::BytesStored, job).await?;
        }
        let (rules, draw) = (&self.jobs.rules, self.draw());
        let tries_left = step.misses.saturating_add(1) < rules.fetches_max;
        // Something may still come, or nothing has: everything is tried again. Else what is there
        // is what there is.
        let failure = match (again, gone) {
            (Some(failure), _) if tries_left => Some(failure),
            (_, Some(failure)) if new.is_empty() && tries_left => Some(failure),
            (_, _) => None,
        };
        if let Some(failure) = failure {
            tracing::info!(%failure, "a file could not be fetched");
            return self
                .change(job, |job, now| decide::fetch_failed(job, &failure, rules, draw, now))
                .await;
        }
        new.extend(self.sheet(job, &pieces, &new).await?);
        let job = self
            .change_with(job, &new, |job, now| decide::stored(job, pieces.clone(), now))
            .await?;
        self.saga.reached(SagaStep::Settled, &job).await?;
        Ok(job)
    }

    async fn fetch_one(
        &self,
        job: &Job,
        place: usize,
        file: &RemoteFile,
    ) -> Result<Result<Kept, Failure>, WorkError> {
        let set_up = match self.set_up(job) {
            Ok(set_up) => set_up,
            Err(failure) => return Ok(Err(Failure { class: Class::Transient, ..failure })),
        };
        match set_up.provider.fetch(file, BYTES_MAX).await {
            Ok(bytes) => match self.develop(job, bytes).await {
                Ok(developed) => self.put(job, place, &developed).await,
                Err(failure) => Ok(Err(failure)),
            },
            Err(failure) => Ok(Err(failure)),
        }
    }
}

fn clean_concept(concept: generation::Concept) -> generation::Concept {
    let generation::Concept { title, concept, tone, goal } = concept;
    let (title, concept) = (storable(title), storable(concept));
    generation::Concept { title, concept, tone: storable(tone), goal: storable(goal) }
}

fn clean_source(source: generation::Source) -> generation::Source {
    let generation::Source { url, title, excerpt } = source;
    let (title, excerpt) = (title.map(storable), excerpt.map(storable));
    generation::Source { url: storable(url), title, excerpt }
}

fn clean_segment(segment: generation::Segment) -> generation::Segment {
    let generation::Segment { label, visual, narration, animation } = segment;
    let (label, visual) = (storable(label), storable(visual));
    generation::Segment {
        label,
        visual,
        narration: storable(narration),
        animation: storable(animation),
    }
}
