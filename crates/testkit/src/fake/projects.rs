//! Projects and links in memory. Conversations are in `conversations`, features in `features`.

mod conversations;
mod features;

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::{
    ConversationId, Digest, FeatureId, Page, PageSize, Position, ProjectId, ShareLinkId, UserId,
};
use ports::{PROJECTS_USER_FKEY, ProjectFilter, ProjectReads, ProjectTx, StoreError};
use projects::{
    Content, ContentCount, ContentKind, Conversation, Feature, Project, ShareLink, Turn,
};
use users::Ability;
use uuid::Uuid;

use crate::fake::newest_first;
use crate::fake::store::{FakeStore, FakeTx, State};

/// The tables of projects.
#[derive(Debug, Clone, Default)]
pub(crate) struct Projects {
    projects: BTreeMap<(UserId, ProjectId), Project>,
    links: BTreeMap<(UserId, ShareLinkId), ShareLink>,
    conversations: BTreeMap<(UserId, ConversationId), Conversation>,
    turns: Vec<Turn>,
    features: BTreeMap<(UserId, FeatureId), Feature>,
}

impl Projects {
    pub(crate) fn forget(&mut self, user: UserId) {
        self.projects.retain(|key, _| key.0 != user);
        self.links.retain(|key, _| key.0 != user);
        self.conversations.retain(|key, _| key.0 != user);
        self.turns.retain(|turn| turn.user != user);
        self.features.retain(|key, _| key.0 != user);
    }

    fn is_taken(&self, feature: &Feature) -> bool {
        let key = |f: &Feature| f.fields.name.as_str().to_lowercase();
        self.features.values().any(|other| {
            other.user == feature.user
                && other.id != feature.id
                && other.workspace == feature.workspace
                && key(other) == key(feature)
        })
    }
}

/// Whether the owner's account lets others see what is the owner's.
fn appears(state: &State, owner: UserId) -> bool {
    state.users.status(owner).is_some_and(|status| status.allows(Ability::Appear))
}

/// Everything in a project that is not deleted.
fn contents(state: &State, user: UserId, project: ProjectId) -> Vec<Content<Uuid>> {
    let conversations = state.projects.conversations.values().filter(|conversation| {
        conversation.user == user
            && conversation.project == Some(project)
            && !conversation.life.is_deleted()
    });
    let conversations = conversations.map(|conversation| Content {
        kind: ContentKind::Conversation,
        id: *conversation.id.as_uuid(),
        created_at: conversation.life.created_at,
    });
    let outputs = state.library.in_project(user, project).map(|output| Content {
        kind: ContentKind::Output(output.fields.body.kind()),
        id: *output.id.as_uuid(),
        created_at: output.life.created_at,
    });
    conversations.chain(outputs).collect()
}

#[async_trait]
impl ProjectTx for FakeTx {
    async fn insert_project(&mut self, project: &Project) -> Result<(), StoreError> {
        if !self.state.users.exists(project.user) {
            return Err(StoreError::Conflict { constraint: PROJECTS_USER_FKEY });
        }
        self.state.projects.projects.insert((project.user, project.id), project.clone());
        Ok(())
    }

    async fn lock_project(
        &mut self,
        user: UserId,
        id: ProjectId,
    ) -> Result<Option<Project>, StoreError> {
        Ok(self.state.projects.projects.get(&(user, id)).cloned())
    }

    async fn update_project(&mut self, project: &Project) -> Result<(), StoreError> {
        self.state.projects.projects.insert((project.user, project.id), project.clone());
        Ok(())
    }

    async fn purge_project(&mut self, user: UserId, id: ProjectId) -> Result<(), StoreError> {
        let of = &mut self.state.projects;
        of.projects.remove(&(user, id));
        of.links.retain(|key, link| key.0 != user || link.project != id);
        of.conversations.retain(|key, c| key.0 != user || c.project != Some(id));
        let left = &of.conversations;
        of.turns.retain(|turn| left.contains_key(&(turn.user, turn.conversation)));
        self.state.library.purge_project(user, id);
        Ok(())
    }

    async fn insert_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError> {
        self.state.projects.links.insert((link.user, link.id), link.clone());
        Ok(())
    }

    async fn lock_share_link(
        &mut self,
        user: UserId,
        id: ShareLinkId,
    ) -> Result<Option<ShareLink>, StoreError> {
        Ok(self.state.projects.links.get(&(user, id)).cloned())
    }

    async fn end_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError> {
        self.state.projects.links.insert((link.user, link.id), link.clone());
        Ok(())
    }
}

#[async_trait]
impl ProjectReads for FakeStore {
    async fn find_projects(
        &self,
        user: UserId,
        ids: &[ProjectId],
    ) -> Result<Vec<Project>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let of = state.projects.projects.values();
        Ok(of.filter(|p| p.user == user && ids.contains(&p.id)).cloned().collect())
    }

    async fn list_projects(
        &self,
        user: UserId,
        filter: &ProjectFilter,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let ProjectFilter { show_deleted, public } = filter;
        let wanted = state.projects.projects.values().filter(|project| {
            project.user == user
                && (*show_deleted || !project.life.is_deleted())
                && public.is_none_or(|public| project.fields.public == public)
        });
        Ok(newest_first(wanted, size, after, Project::position))
    }

    async fn list_public_projects(
        &self,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let open = state.projects.projects.values();
        let open = open.filter(|project| project.is_open() && appears(&state, project.user));
        Ok(newest_first(open, size, after, Project::position))
    }

    async fn find_public_project(&self, id: ProjectId) -> Result<Option<Project>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let mut projects = state.projects.projects.values();
        let open = |p: &&Project| p.id == id && p.is_open() && appears(&state, p.user);
        Ok(projects.find(open).cloned())
    }

    async fn find_shared_project(
        &self,
        hash: &Digest,
    ) -> Result<Option<(ShareLink, Project)>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let mut links = state.projects.links.values();
        let link = links.find(|link| link.hash == *hash && appears(&state, link.user));
        Ok(link.and_then(|link| {
            let project = state.projects.projects.get(&(link.user, link.project))?;
            Some((link.clone(), project.clone()))
        }))
    }

    async fn list_share_links(
        &self,
        user: UserId,
        project: ProjectId,
        size: PageSize,
        after: Option<Position<ShareLinkId>>,
    ) -> Result<Page<ShareLink, Position<ShareLinkId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let links = state.projects.links.values();
        let links = links.filter(|link| link.user == user && link.project == project);
        Ok(newest_first(links, size, after, ShareLink::position))
    }

    async fn count_contents(
        &self,
        user: UserId,
        project: ProjectId,
    ) -> Result<Vec<ContentCount>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let mut counts: BTreeMap<ContentKind, u64> = BTreeMap::new();
        for content in contents(&state, user, project) {
            *counts.entry(content.kind).or_default() += 1;
        }
        Ok(counts.into_iter().map(|(kind, count)| ContentCount { kind, count }).collect())
    }

    async fn list_contents(
        &self,
        user: UserId,
        project: ProjectId,
        size: PageSize,
        after: Option<Position<Uuid>>,
    ) -> Result<Page<Content<Uuid>, Position<Uuid>>, StoreError> {
        self.check_up()?;
        let contents = contents(&*self.state.lock().await, user, project);
        Ok(newest_first(contents.iter(), size, after, Content::position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> Box<FakeStore> {
        Box::new(FakeStore::new())
    }

    crate::projects_contract!(fresh);
}
