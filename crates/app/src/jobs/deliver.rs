//! Delivering: what a job has made appears in the library, in its conversation, and on the
//! character, theme or scene that it is for. What the library keeps of it is in `bodies`.

mod bodies;
mod known;

use ::catalog::{SceneImage, Variant};
use generation::{Delivered, Job, JobState, Part, Request};
use kernel::{AssetId, Life, OutputId, VariantId};
use library::{Body, Output, OutputFields, Usage};
use ports::{StoreError, Tx};
use projects::TurnKind;
use users::action;

use super::texts::{fit, fit_optional};
use super::write::Shelf;
use super::{JobError, Jobs, unfit};
use crate::activity::{self, Event};
use crate::projects::AppendTurn;

/// What a job is for, locked as far as it is there.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for one unit of work")]
pub(super) enum Subject {
    None,
    Theme(::catalog::Theme),
    Scene(::catalog::Scene),
    Character(::catalog::Character),
}

impl Subject {
    /// Locks it before anything else. What was deleted in the meantime gets nothing.
    pub(super) async fn lock(tx: &mut dyn Tx, job: &Job) -> Result<Self, StoreError> {
        let user = job.user;
        Ok(match &job.request {
            Request::Variant(variant) => {
                let theme = tx.lock_theme(user, variant.theme).await?;
                theme.map_or(Self::None, Self::Theme)
            }
            Request::Scene(scene) => {
                let scene = tx.lock_scene(user, scene.scene).await?;
                scene.map_or(Self::None, Self::Scene)
            }
            Request::Character(character) => match character.character {
                Some(id) => {
                    let found = tx.lock_character(user, id).await?;
                    found.filter(|one| !one.is_deleted()).map_or(Self::None, Self::Character)
                }
                None => Self::None,
            },
            Request::Chat(_)
            | Request::Concept(_)
            | Request::Research(_)
            | Request::Summary(_)
            | Request::Segmentation(_)
            | Request::Image(_)
            | Request::ImageEdit(_)
            | Request::Video(_)
            | Request::Voiceover(_) => Self::None,
        })
    }
}

impl Jobs {
    /// Locks the project, which comes before everything that is put into it.
    pub(super) async fn project_in(&self, tx: &mut dyn Tx, job: &Job) -> Result<(), JobError> {
        if let Some(project) = job.places.project {
            tx.lock_project(job.user, project).await?;
        }
        Ok(())
    }

    pub(super) async fn deliver_in(
        &self,
        tx: &mut dyn Tx,
        job: &Job,
        subject: Subject,
        shelf: &Shelf,
    ) -> Result<(), JobError> {
        let shelf = known::present(tx, job, shelf).await?;
        let character = match &subject {
            Subject::Character(character) => Some(character.id),
            Subject::None | Subject::Theme(_) | Subject::Scene(_) => None,
        };
        for mut body in bodies::bodies(job, &shelf) {
            known::keep_known(tx, job, &mut body, character).await?;
            let output = self.output(job, body)?;
            tx.insert_output(&output).await?;
        }
        self.show_in(tx, job, subject, &shelf).await?;
        self.turn_in(tx, job).await
    }

    fn output(&self, job: &Job, body: Body) -> Result<Output, JobError> {
        let message = job.ending.as_ref().and_then(|ending| {
            let message = ending.message.as_ref().map(|message| message.as_str());
            fit_optional(message, 4_000, true)
        });
        let prompt = fit(job.request.prompt().as_str(), 100_000, true);
        Ok(Output {
            id: OutputId::from_uuid(self.ids.uuid()),
            user: job.user,
            fields: OutputFields {
                project: job.places.project,
                job: Some(job.id),
                transaction: job.money.transaction,
                run: None,
                prompt: prompt.ok_or_else(|| unfit("a prompt"))?,
                art_style: job.request.art_style().cloned(),
                model: Some(job.model.clone()),
                success: job.state == JobState::Succeeded,
                message,
                parameters: job.metadata.clone(),
                usage: Usage { started_at: job.started_at, completed_at: job.ended_at },
                body,
            },
            selected: false,
            life: Life::begin(job.updated_at),
        })
    }

    /// Puts the pictures where they were asked for.
    async fn show_in(
        &self,
        tx: &mut dyn Tx,
        job: &Job,
        subject: Subject,
        shelf: &Shelf,
    ) -> Result<(), JobError> {
        let (user, now) = (job.user, job.updated_at);
        let there = |step: &generation::Step| step.asset().filter(|id| shelf.contains_key(id));
        let first = job.steps.iter().find_map(there);
        match (subject, &job.request) {
            (Subject::Theme(theme), Request::Variant(request)) => {
                let (count, last) = tx.count_variants(user, theme.id).await?;
                if ::catalog::decide::room(count, ::catalog::VARIANTS_MAX).is_err() {
                    return Ok(());
                }
                let Some(prompt) = fit(request.prompt.as_str(), 10_000, true) else {
                    return Ok(());
                };
                let variant = Variant {
                    user,
                    id: VariantId::from_uuid(self.ids.uuid()),
                    character: theme.character,
                    theme: theme.id,
                    number: last.saturating_add(1),
                    fields: ::catalog::VariantFields {
                        prompt,
                        image: first,
                        thumbnail: first.and_then(|image| thumbnail(job, image, shelf)),
                        metadata: None,
                    },
                    mark: ::catalog::Mark::first(now),
                };
                tx.insert_variant(&variant).await?;
                self.log(tx, job, action!("variant.created"), variant.id.as_uuid()).await
            }
            (Subject::Scene(scene), _) => {
                let room = ::catalog::SCENE_IMAGES_MAX.saturating_sub(scene.images.len());
                let pieces = job.steps.iter().flat_map(|step| &step.pieces);
                let there = pieces.filter_map(Delivered::asset).filter(|id| shelf.contains_key(id));
                for asset in there.take(room) {
                    tx.insert_scene_image(user, scene.id, &SceneImage { asset, added_at: now })
                        .await?;
                }
                self.log(tx, job, action!("scene.image_added"), scene.id.as_uuid()).await
            }
            (Subject::Character(character), _) => {
                let last = job.steps.iter().find(|step| step.part == Part::Final);
                let image = last.and_then(there).or(first);
                let mut fields = character.fields.clone();
                if let Some(image) = image {
                    fields.image = Some(image);
                    fields.thumbnail = thumbnail(job, image, shelf);
                }
                fields.status = if job.state == JobState::Succeeded {
                    ::catalog::GenerationStatus::Completed
                } else {
                    ::catalog::GenerationStatus::Failed
                };
                let mark = character.mark.next(now);
                let changed = ::catalog::Character { fields, mark, ..character };
                tx.update_character(&changed).await?;
                self.log(tx, job, action!("character.updated"), changed.id.as_uuid()).await
            }
            (Subject::None | Subject::Theme(_), _) => Ok(()),
        }
    }

    /// Appends the turn to the conversation, unless that is gone.
    async fn turn_in(&self, tx: &mut dyn Tx, job: &Job) -> Result<(), JobError> {
        let Some(conversation) = job.places.conversation else { return Ok(()) };
        let found = tx.lock_conversation(job.user, conversation).await?;
        if found.is_none_or(|found| found.life.is_deleted()) {
            return Ok(());
        }
        let input = fit(job.request.prompt().as_str(), 100_000, true);
        let response = fit(&said(job), 100_000, true);
        let (Some(input), Some(response)) = (input, response) else { return Ok(()) };
        let turn = AppendTurn {
            user: job.user,
            conversation,
            kind: turn_kind(&job.request),
            input,
            response,
            metadata: kernel::Json::of_texts(&[("job_id", job.id.to_string().as_str())]),
        };
        let appended = self.conversations.append_in(tx, &turn).await;
        match appended {
            Ok(_) => Ok(()),
            Err(crate::ProjectsError::Store(error)) => Err(error.into()),
            Err(refused) => {
                tracing::warn!(job.id = %job.id, %refused, "a job's turn was not kept");
                Ok(())
            }
        }
    }

    async fn log(
        &self,
        tx: &mut dyn Tx,
        job: &Job,
        action: users::activity::Action,
        id: &uuid::Uuid,
    ) -> Result<(), JobError> {
        let event = Event::on(job.user, action, id);
        Ok(activity::record(tx, &*self.ids, job.updated_at, event).await?)
    }
}

/// The thumbnail of a picture of the job's, if it has one that is still there.
fn thumbnail(job: &Job, image: AssetId, shelf: &Shelf) -> Option<AssetId> {
    let mut pieces = job.steps.iter().flat_map(|step| &step.pieces);
    let piece = pieces.find(|piece| piece.asset() == Some(image))?;
    piece.thumbnail().filter(|id| shelf.contains_key(id))
}

/// What a conversation keeps of an answer: its words, or how many files there are.
fn said(job: &Job) -> String {
    let pieces = job.steps.iter().flat_map(|step| &step.pieces);
    let texts: Vec<String> = pieces.clone().filter_map(words).collect();
    if texts.is_empty() {
        format!("{} of kind {}", pieces.count(), job.kind())
    } else {
        texts.join("\n\n")
    }
}

fn words(piece: &Delivered) -> Option<String> {
    match piece {
        Delivered::Text(text) => Some(text.clone()),
        Delivered::Concept(concept) => Some(format!("{}\n\n{}", concept.title, concept.concept)),
        Delivered::Research { answer, .. } => Some(answer.clone()),
        Delivered::Segments(segments) => {
            let told = segments.iter().map(|one| format!("{}: {}", one.label, one.narration));
            Some(told.collect::<Vec<_>>().join("\n"))
        }
        Delivered::Remote(_) | Delivered::Stored { .. } => None,
    }
}

fn turn_kind(request: &Request) -> TurnKind {
    match request {
        Request::Chat(_) => TurnKind::GeneralChat,
        Request::Concept(_) => TurnKind::ConceptGeneration,
        Request::Research(_) => TurnKind::WebResearch,
        Request::Summary(_) => TurnKind::ContentSummary,
        Request::Segmentation(_) => TurnKind::VideoSegmentation,
        Request::Image(_) | Request::ImageEdit(_) | Request::Variant(_) | Request::Scene(_) => {
            TurnKind::ImageGeneration
        }
        Request::Video(_) => TurnKind::VideoGeneration,
        Request::Voiceover(_) => TurnKind::VoiceoverGeneration,
        Request::Character(_) => TurnKind::CharacterGeneration,
    }
}
