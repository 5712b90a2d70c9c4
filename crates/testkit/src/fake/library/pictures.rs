//! Which assets and characters the outputs in memory refer to.

use kernel::{AssetId, CharacterId, UserId};
use library::{Body, Output, Several};
use ports::MadeFor;

use super::Library;

impl Library {
    fn of(&self, user: UserId) -> impl Iterator<Item = &Output> {
        self.0.values().filter(move |output| output.user == user)
    }

    fn bodies_of(&mut self, user: UserId) -> impl Iterator<Item = &mut Body> {
        let outputs = self.0.values_mut().filter(move |output| output.user == user);
        outputs.map(|output| &mut output.fields.body)
    }

    /// What was made for a thing.
    pub(crate) fn made_for(&self, user: UserId, by: MadeFor) -> Vec<AssetId> {
        let made = self.of(user).filter(|output| {
            by == MadeFor::Output(output.id)
                || output.fields.project.is_some_and(|project| by == MadeFor::Project(project))
        });
        made.flat_map(|output| output.fields.body.made()).collect()
    }

    /// All that a user's outputs refer to.
    pub(crate) fn assets_of(&self, user: UserId) -> Vec<AssetId> {
        self.of(user).flat_map(|output| output.fields.body.assets()).collect()
    }

    /// Refers to an asset no more.
    pub(crate) fn forget_asset(&mut self, user: UserId, id: AssetId) {
        let clear = |asset: &mut Option<AssetId>| *asset = asset.filter(|has| *has != id);
        for body in self.bodies_of(user) {
            match body {
                Body::Image(image) => {
                    clear(&mut image.asset);
                    clear(&mut image.thumbnail);
                }
                Body::Video(video) => {
                    keep(&mut video.files, |file| file.asset != id);
                    keep(&mut video.sources, |source| source.asset != id);
                    let mut files = std::mem::take(&mut video.files).into_vec();
                    files.iter_mut().for_each(|file| clear(&mut file.thumbnail));
                    video.files = Several::new(files).expect("there are no more");
                }
                Body::Voiceover(voiceover) => clear(&mut voiceover.asset),
                Body::Character(character) => {
                    keep(&mut character.views, |view| view.asset != id);
                    clear(&mut character.sprite_sheet);
                    clear(&mut character.final_image);
                }
                Body::Concept(_) | Body::Research(_) | Body::Summary(_) | Body::Segmentation(_) => {
                }
            }
        }
    }

    /// Refers to a character no more.
    pub(crate) fn forget_character(&mut self, user: UserId, id: CharacterId) {
        for body in self.bodies_of(user) {
            if let Body::Character(character) = body {
                character.character = character.character.filter(|has| *has != id);
            }
        }
    }
}

fn keep<T, const MAX: usize>(parts: &mut Several<T, MAX>, wanted: impl Fn(&T) -> bool) {
    let left = std::mem::take(parts).into_vec().into_iter().filter(wanted).collect();
    *parts = Several::new(left).expect("there are no more");
}
