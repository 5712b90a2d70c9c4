-- Every rule of the `projects` crate stands here a second time: a CHECK that fires is a bug.

CREATE TABLE projects (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    public boolean NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,

    CONSTRAINT projects_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT projects_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT projects_name_valid CHECK (is_line(name, 200)),
    CONSTRAINT projects_description_valid CHECK (is_prose(description, 2000)),
    CONSTRAINT projects_revision_positive CHECK (revision >= 1),
    CONSTRAINT projects_times_ordered
        CHECK (updated_at >= created_at AND deleted_at BETWEEN created_at AND updated_at)
);
COMMENT ON TABLE projects IS 'What a user''s work is sorted into.';
COMMENT ON COLUMN projects.user_id IS 'The owner.';
COMMENT ON COLUMN projects.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN projects.name IS 'What it is called.';
COMMENT ON COLUMN projects.description IS 'What it is about.';
COMMENT ON COLUMN projects.public IS 'Whether anybody may see it, without the owner''s identity.';
COMMENT ON COLUMN projects.revision IS 'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN projects.created_at IS 'When it was created.';
COMMENT ON COLUMN projects.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN projects.deleted_at IS 'When it was deleted, if it is. It can be restored.';

CREATE INDEX projects_newest ON projects (user_id, created_at DESC, id DESC);
-- The gallery goes over all users, so these two do not begin with one.
CREATE INDEX projects_public_newest ON projects (created_at DESC, id DESC)
    WHERE public AND deleted_at IS NULL;
CREATE INDEX projects_public_by_id ON projects (id) WHERE public AND deleted_at IS NULL;

CREATE TABLE share_links (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,

    CONSTRAINT share_links_pkey PRIMARY KEY (user_id, id),
    -- Finding the project by the token alone is what links are for.
    CONSTRAINT share_links_hash_unique UNIQUE (hash),
    CONSTRAINT share_links_project_fkey FOREIGN KEY (user_id, project_id)
        REFERENCES projects (user_id, id) ON DELETE CASCADE,
    CONSTRAINT share_links_hash_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT share_links_ends_after_creation
        CHECK (expires_at > created_at AND revoked_at >= created_at)
);
COMMENT ON TABLE share_links IS
    'Links that show a project to whoever has one. Those that are over stay, for the record.';
COMMENT ON COLUMN share_links.user_id IS 'The project''s owner.';
COMMENT ON COLUMN share_links.id IS 'UUIDv7, made by the service; no part of the token.';
COMMENT ON COLUMN share_links.project_id IS 'The project that is shown.';
COMMENT ON COLUMN share_links.hash IS 'SHA-256 of the token, which is not kept.';
COMMENT ON COLUMN share_links.created_at IS 'When the link was made.';
COMMENT ON COLUMN share_links.expires_at IS 'From when on it opens nothing, if it expires.';
COMMENT ON COLUMN share_links.revoked_at IS 'When it was revoked, if it was.';

CREATE INDEX share_links_newest
    ON share_links (user_id, project_id, created_at DESC, id DESC);

CREATE TABLE conversations (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    project_id uuid,
    title text,
    turns integer NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,

    CONSTRAINT conversations_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT conversations_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT conversations_project_fkey FOREIGN KEY (user_id, project_id)
        REFERENCES projects (user_id, id) ON DELETE CASCADE,
    CONSTRAINT conversations_title_valid CHECK (is_line(title, 200)),
    CONSTRAINT conversations_turns_not_negative CHECK (turns >= 0),
    CONSTRAINT conversations_revision_positive CHECK (revision >= 1),
    CONSTRAINT conversations_times_ordered
        CHECK (updated_at >= created_at AND deleted_at BETWEEN created_at AND updated_at)
);
COMMENT ON TABLE conversations IS 'What a user said and what came back, turn by turn.';
COMMENT ON COLUMN conversations.user_id IS 'The owner.';
COMMENT ON COLUMN conversations.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN conversations.project_id IS 'The project it is in, if in any.';
COMMENT ON COLUMN conversations.title IS 'What it is called, if it has a name.';
COMMENT ON COLUMN conversations.turns IS 'How many turns it has: the number of the last.';
COMMENT ON COLUMN conversations.revision IS
    'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN conversations.created_at IS 'When it was begun.';
COMMENT ON COLUMN conversations.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN conversations.deleted_at IS 'When it was deleted, if it is. It can be restored.';

CREATE INDEX conversations_newest ON conversations (user_id, created_at DESC, id DESC);
CREATE INDEX conversations_of_project
    ON conversations (user_id, project_id, created_at DESC, id DESC)
    WHERE project_id IS NOT NULL;

CREATE TABLE conversation_turns (
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    input text NOT NULL,
    response text NOT NULL,
    metadata jsonb,
    created_at timestamptz NOT NULL,

    CONSTRAINT conversation_turns_pkey PRIMARY KEY (user_id, conversation_id, number),
    CONSTRAINT conversation_turns_conversation_fkey FOREIGN KEY (user_id, conversation_id)
        REFERENCES conversations (user_id, id) ON DELETE CASCADE,
    CONSTRAINT conversation_turns_number_positive CHECK (number >= 1),
    CONSTRAINT conversation_turns_kind_known CHECK (kind IN (
        'concept_generation', 'web_research', 'content_summary', 'video_segmentation',
        'image_generation', 'video_generation', 'voiceover_generation', 'character_generation',
        'general_chat'
    )),
    CONSTRAINT conversation_turns_input_valid CHECK (is_prose(input, 100000)),
    CONSTRAINT conversation_turns_response_valid CHECK (is_prose(response, 100000)),
    CONSTRAINT conversation_turns_metadata_valid CHECK (is_json_object(metadata, 16384))
);
COMMENT ON TABLE conversation_turns IS 'The turns of conversations, which never change.';
COMMENT ON COLUMN conversation_turns.user_id IS 'The owner.';
COMMENT ON COLUMN conversation_turns.conversation_id IS 'The conversation.';
COMMENT ON COLUMN conversation_turns.number IS '1, 2, 3, … without gaps.';
COMMENT ON COLUMN conversation_turns.kind IS 'What the turn is about.';
COMMENT ON COLUMN conversation_turns.input IS 'What the user said.';
COMMENT ON COLUMN conversation_turns.response IS 'What came back.';
COMMENT ON COLUMN conversation_turns.metadata IS 'More about the turn: a JSON object.';
COMMENT ON COLUMN conversation_turns.created_at IS 'When the turn was taken.';

CREATE TABLE features (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    workspace text NOT NULL,
    name text NOT NULL,
    name_key text GENERATED ALWAYS AS (lower(name)) STORED NOT NULL,
    description text,
    tags text[] NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT features_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT features_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT features_name_unique UNIQUE (user_id, workspace, name_key),
    CONSTRAINT features_workspace_valid CHECK (is_line(workspace, 128)),
    CONSTRAINT features_name_valid CHECK (is_line(name, 200)),
    CONSTRAINT features_description_valid CHECK (is_prose(description, 4000)),
    CONSTRAINT features_tags_valid
        CHECK (cardinality(tags) <= 32 AND array_position(tags, NULL) IS NULL),
    CONSTRAINT features_revision_positive CHECK (revision >= 1),
    CONSTRAINT features_times_ordered CHECK (updated_at >= created_at)
);
COMMENT ON TABLE features IS 'The registry of features: what a product''s workspaces consist of.';
COMMENT ON COLUMN features.user_id IS 'The owner.';
COMMENT ON COLUMN features.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN features.workspace IS 'The product''s own id or name of the workspace.';
COMMENT ON COLUMN features.name IS 'What it is called.';
COMMENT ON COLUMN features.name_key IS 'The name in lower case: unique in its workspace.';
COMMENT ON COLUMN features.description IS 'What it is.';
COMMENT ON COLUMN features.tags IS 'Tags, sorted, none twice.';
COMMENT ON COLUMN features.revision IS 'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN features.created_at IS 'When it was created.';
COMMENT ON COLUMN features.updated_at IS 'When it was last changed.';

CREATE INDEX features_newest ON features (user_id, created_at DESC, id DESC);
CREATE INDEX features_of_workspace ON features (user_id, workspace, created_at DESC, id DESC);
