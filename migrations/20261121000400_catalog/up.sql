-- Characters, their themes and variants, collections, scenes. Pictures are assets of the user, by
-- their ids; no address of a stored byte is kept.

-- What a text search looks in: words parted by spaces and by any punctuation of ASCII, so that
-- neither `foo.bar` nor `well-known` is one word. Its twin is `catalog::TextQuery`.
-- So that one index narrows to a user and to tags. Part of every PostgreSQL, and trusted:
-- the owner of the database may install it.
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE FUNCTION catalog_words(name text, description text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    SELECT to_tsvector('pg_catalog.simple'::regconfig, translate(
        coalesce(name, '') || ' ' || coalesce(description, ''),
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~',
        repeat(' ', 32)
    ))
$body$;
COMMENT ON FUNCTION catalog_words IS 'What a text search looks in.';

CREATE TABLE characters (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text,
    description text,
    prompt text NOT NULL,
    style text NOT NULL DEFAULT 'realistic',
    status text NOT NULL DEFAULT 'pending',
    image_asset_id uuid,
    thumbnail_asset_id uuid,
    reference_asset_id uuid,
    tags text[] NOT NULL DEFAULT '{}',
    metadata jsonb,
    age text,
    gender text,
    occupation text,
    personality text[] NOT NULL DEFAULT '{}',
    physical_traits jsonb,
    clothing text,
    background text,
    is_public boolean NOT NULL DEFAULT false,
    is_favourite boolean NOT NULL DEFAULT false,
    in_library boolean NOT NULL DEFAULT false,
    is_showcased boolean NOT NULL DEFAULT false,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    owner_shows boolean NOT NULL,
    is_listed boolean NOT NULL
        GENERATED ALWAYS AS (is_public AND owner_shows AND deleted_at IS NULL) STORED,
    words tsvector NOT NULL GENERATED ALWAYS AS (catalog_words(name, description)) STORED,

    CONSTRAINT characters_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT characters_image_fkey FOREIGN KEY (user_id, image_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (image_asset_id),
    CONSTRAINT characters_thumbnail_fkey FOREIGN KEY (user_id, thumbnail_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (thumbnail_asset_id),
    CONSTRAINT characters_reference_fkey FOREIGN KEY (user_id, reference_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (reference_asset_id),
    CONSTRAINT characters_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT characters_name_valid CHECK (is_line(name, 200)),
    CONSTRAINT characters_description_valid CHECK (is_prose(description, 4000)),
    CONSTRAINT characters_prompt_valid CHECK (is_prose(prompt, 10000)),
    CONSTRAINT characters_style_known CHECK (style IN (
        'realistic', 'anime', 'cartoon', 'fantasy', 'cyberpunk', 'vintage', 'minimalist'
    )),
    CONSTRAINT characters_status_known
        CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT characters_tags_valid CHECK (are_labels(tags, 64, 32)),
    CONSTRAINT characters_metadata_valid
        CHECK (is_json_object(metadata, 16384)),
    CONSTRAINT characters_age_valid CHECK (is_line(age, 200)),
    CONSTRAINT characters_gender_valid CHECK (is_line(gender, 200)),
    CONSTRAINT characters_occupation_valid CHECK (is_line(occupation, 200)),
    CONSTRAINT characters_personality_valid CHECK (are_labels(personality, 64, 32)),
    CONSTRAINT characters_physical_traits_valid CHECK (is_json_object(physical_traits, 16384)),
    CONSTRAINT characters_clothing_valid CHECK (is_prose(clothing, 10000)),
    CONSTRAINT characters_background_valid CHECK (is_prose(background, 10000)),
    CONSTRAINT characters_revision_positive CHECK (revision >= 1),
    CONSTRAINT characters_times_ordered
        CHECK (updated_at >= created_at AND deleted_at >= created_at)
);

COMMENT ON TABLE characters IS 'Characters that users create.';
COMMENT ON COLUMN characters.user_id IS 'The owner.';
COMMENT ON COLUMN characters.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN characters.name IS 'What the character is called.';
COMMENT ON COLUMN characters.description IS 'What the user wrote.';
COMMENT ON COLUMN characters.prompt IS 'What the model is told, made of the description as a rule.';
COMMENT ON COLUMN characters.style IS 'How the character is drawn.';
COMMENT ON COLUMN characters.status IS 'How far its pictures are.';
COMMENT ON COLUMN characters.image_asset_id IS 'The picture.';
COMMENT ON COLUMN characters.thumbnail_asset_id IS 'The picture in small, for galleries.';
COMMENT ON COLUMN characters.reference_asset_id IS 'A picture that it was to look like.';
COMMENT ON COLUMN characters.tags IS 'Labels to find it by, in lower case.';
COMMENT ON COLUMN characters.metadata IS 'What the product keeps with it.';
COMMENT ON COLUMN characters.age IS 'An attribute, in words.';
COMMENT ON COLUMN characters.gender IS 'An attribute, in words.';
COMMENT ON COLUMN characters.occupation IS 'An attribute, in words.';
COMMENT ON COLUMN characters.personality IS 'Traits, in lower case.';
COMMENT ON COLUMN characters.physical_traits IS 'Height, build, hair, eyes and the like.';
COMMENT ON COLUMN characters.clothing IS 'What it wears.';
COMMENT ON COLUMN characters.background IS 'Its backstory.';
COMMENT ON COLUMN characters.is_public IS 'May be shown to others, if the owner shows at all.';
COMMENT ON COLUMN characters.is_favourite IS 'One of the owner''s favourites.';
COMMENT ON COLUMN characters.in_library IS 'In the owner''s library.';
COMMENT ON COLUMN characters.is_showcased IS 'Featured by the owner among the public ones.';
COMMENT ON COLUMN characters.revision IS 'Grows by one with each change; seen as an etag.';
COMMENT ON COLUMN characters.created_at IS 'When it was created.';
COMMENT ON COLUMN characters.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN characters.deleted_at IS 'Since when it is deleted; it can be restored.';
COMMENT ON COLUMN characters.owner_shows IS
    'Whether the owner''s status and preferences let public characters be shown. It changes in one '
    'unit of work with these, so that the gallery is one range of an index.';
COMMENT ON COLUMN characters.is_listed IS 'Whether it is in the public gallery.';
COMMENT ON COLUMN characters.words IS 'What a text search looks in.';

-- Lists of one user's characters, and those narrowed to one value of a field, newest first.
CREATE INDEX characters_newest ON characters (user_id, created_at DESC, id DESC);
CREATE INDEX characters_style_newest ON characters (user_id, style, created_at DESC, id DESC);
CREATE INDEX characters_status_newest ON characters (user_id, status, created_at DESC, id DESC);
CREATE INDEX characters_favourites ON characters (user_id, created_at DESC, id DESC)
    WHERE is_favourite;
CREATE INDEX characters_library ON characters (user_id, created_at DESC, id DESC)
    WHERE in_library;
CREATE INDEX characters_showcased ON characters (user_id, created_at DESC, id DESC)
    WHERE is_showcased;
-- The public gallery, newest first.
CREATE INDEX characters_gallery ON characters (created_at DESC, id DESC) WHERE is_listed;
CREATE INDEX characters_gallery_style ON characters (style, created_at DESC, id DESC)
    WHERE is_listed;
CREATE INDEX characters_gallery_showcase ON characters (created_at DESC, id DESC)
    WHERE is_listed AND is_showcased;
-- Tags and words, of a user with many characters and of the gallery. Those of few are read instead.
CREATE INDEX characters_tags ON characters USING gin (user_id, tags);
CREATE INDEX characters_words ON characters USING gin (user_id, words);
CREATE INDEX characters_gallery_tags ON characters USING gin (tags) WHERE is_listed;
CREATE INDEX characters_gallery_words ON characters USING gin (words) WHERE is_listed;
-- What shows an asset.
CREATE INDEX characters_image ON characters (user_id, image_asset_id)
    WHERE image_asset_id IS NOT NULL;
CREATE INDEX characters_thumbnail ON characters (user_id, thumbnail_asset_id)
    WHERE thumbnail_asset_id IS NOT NULL;
CREATE INDEX characters_reference ON characters (user_id, reference_asset_id)
    WHERE reference_asset_id IS NOT NULL;

CREATE TABLE themes (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    character_id uuid NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    description text,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT themes_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT themes_character_unique UNIQUE (user_id, character_id, id),
    CONSTRAINT themes_name_unique UNIQUE (user_id, character_id, name_key),
    CONSTRAINT themes_character_fkey FOREIGN KEY (user_id, character_id)
        REFERENCES characters (user_id, id) ON DELETE CASCADE,
    CONSTRAINT themes_name_valid CHECK (is_line(name, 200)),
    CONSTRAINT themes_description_valid CHECK (is_prose(description, 4000)),
    CONSTRAINT themes_revision_positive CHECK (revision >= 1),
    CONSTRAINT themes_times_ordered CHECK (updated_at >= created_at)
);

COMMENT ON TABLE themes IS 'Themes of characters, such as winter outfits.';
COMMENT ON COLUMN themes.user_id IS 'The owner.';
COMMENT ON COLUMN themes.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN themes.character_id IS 'The character.';
COMMENT ON COLUMN themes.name IS 'The name as written.';
COMMENT ON COLUMN themes.name_key IS 'The name in lower case: one of it for each character.';
COMMENT ON COLUMN themes.description IS 'What the theme is about.';
COMMENT ON COLUMN themes.revision IS 'Grows by one with each change; seen as an etag.';
COMMENT ON COLUMN themes.created_at IS 'When it was created.';
COMMENT ON COLUMN themes.updated_at IS 'When it was last changed.';

CREATE INDEX themes_newest ON themes (user_id, character_id, created_at DESC, id DESC);

CREATE TABLE variants (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    character_id uuid NOT NULL,
    theme_id uuid NOT NULL,
    number integer NOT NULL,
    prompt text NOT NULL,
    image_asset_id uuid,
    thumbnail_asset_id uuid,
    metadata jsonb,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT variants_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT variants_image_fkey FOREIGN KEY (user_id, image_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (image_asset_id),
    CONSTRAINT variants_thumbnail_fkey FOREIGN KEY (user_id, thumbnail_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (thumbnail_asset_id),
    CONSTRAINT variants_number_unique UNIQUE (user_id, theme_id, number),
    -- The theme is one of the same character.
    CONSTRAINT variants_theme_fkey FOREIGN KEY (user_id, character_id, theme_id)
        REFERENCES themes (user_id, character_id, id) ON DELETE CASCADE,
    CONSTRAINT variants_number_positive CHECK (number >= 1),
    CONSTRAINT variants_prompt_valid CHECK (is_prose(prompt, 10000)),
    CONSTRAINT variants_metadata_valid
        CHECK (is_json_object(metadata, 16384)),
    CONSTRAINT variants_revision_positive CHECK (revision >= 1),
    CONSTRAINT variants_times_ordered CHECK (updated_at >= created_at)
);

COMMENT ON TABLE variants IS 'Variants of characters, made by an edit instruction in a theme.';
COMMENT ON COLUMN variants.user_id IS 'The owner.';
COMMENT ON COLUMN variants.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN variants.character_id IS 'The character.';
COMMENT ON COLUMN variants.theme_id IS 'The theme, one of the character.';
COMMENT ON COLUMN variants.number IS 'Counts from 1 within the theme.';
COMMENT ON COLUMN variants.prompt IS 'The edit instruction.';
COMMENT ON COLUMN variants.image_asset_id IS 'The picture.';
COMMENT ON COLUMN variants.thumbnail_asset_id IS 'The picture in small.';
COMMENT ON COLUMN variants.metadata IS 'What the product keeps with it.';
COMMENT ON COLUMN variants.revision IS 'Grows by one with each change; seen as an etag.';
COMMENT ON COLUMN variants.created_at IS 'When it was created.';
COMMENT ON COLUMN variants.updated_at IS 'When it was last changed.';

CREATE INDEX variants_newest ON variants (user_id, theme_id, created_at DESC, id DESC);
CREATE INDEX variants_character ON variants (user_id, character_id, theme_id);
CREATE INDEX variants_image ON variants (user_id, image_asset_id)
    WHERE image_asset_id IS NOT NULL;
CREATE INDEX variants_thumbnail ON variants (user_id, thumbnail_asset_id)
    WHERE thumbnail_asset_id IS NOT NULL;

CREATE TABLE collections (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    is_public boolean NOT NULL DEFAULT false,
    cover_asset_id uuid,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT collections_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT collections_cover_fkey FOREIGN KEY (user_id, cover_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (cover_asset_id),
    CONSTRAINT collections_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT collections_name_valid CHECK (is_line(name, 200)),
    CONSTRAINT collections_description_valid CHECK (is_prose(description, 4000)),
    CONSTRAINT collections_revision_positive CHECK (revision >= 1),
    CONSTRAINT collections_times_ordered CHECK (updated_at >= created_at)
);

COMMENT ON TABLE collections IS 'Named sets of characters.';
COMMENT ON COLUMN collections.user_id IS 'The owner.';
COMMENT ON COLUMN collections.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN collections.name IS 'What it is called.';
COMMENT ON COLUMN collections.description IS 'What it is about.';
COMMENT ON COLUMN collections.is_public IS 'Whether the owner calls it public.';
COMMENT ON COLUMN collections.cover_asset_id IS 'The picture on its cover.';
COMMENT ON COLUMN collections.revision IS 'Grows by one with each change; seen as an etag.';
COMMENT ON COLUMN collections.created_at IS 'When it was created.';
COMMENT ON COLUMN collections.updated_at IS 'When it was last changed.';

CREATE INDEX collections_newest ON collections (user_id, created_at DESC, id DESC);
CREATE INDEX collections_cover ON collections (user_id, cover_asset_id)
    WHERE cover_asset_id IS NOT NULL;

CREATE TABLE collection_entries (
    user_id uuid NOT NULL,
    collection_id uuid NOT NULL,
    character_id uuid NOT NULL,
    place bigint NOT NULL,
    added_at timestamptz NOT NULL,

    CONSTRAINT collection_entries_pkey PRIMARY KEY (user_id, collection_id, character_id),
    -- Deferrable, for a collection is numbered anew in one statement.
    CONSTRAINT collection_entries_place_unique
        UNIQUE (user_id, collection_id, place) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT collection_entries_collection_fkey FOREIGN KEY (user_id, collection_id)
        REFERENCES collections (user_id, id) ON DELETE CASCADE,
    CONSTRAINT collection_entries_character_fkey FOREIGN KEY (user_id, character_id)
        REFERENCES characters (user_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE collection_entries IS 'Which characters a collection has, each once.';
COMMENT ON COLUMN collection_entries.user_id IS 'The owner.';
COMMENT ON COLUMN collection_entries.collection_id IS 'The collection.';
COMMENT ON COLUMN collection_entries.character_id IS 'The character.';
COMMENT ON COLUMN collection_entries.place IS 'Orders the entries; it stays while others come.';
COMMENT ON COLUMN collection_entries.added_at IS 'When the character was added.';

CREATE INDEX collection_entries_character ON collection_entries (user_id, character_id);

CREATE TABLE scenes (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text,
    description text,
    prompt text,
    style text NOT NULL DEFAULT 'realistic',
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT scenes_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT scenes_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT scenes_name_valid CHECK (is_line(name, 200)),
    CONSTRAINT scenes_description_valid CHECK (is_prose(description, 4000)),
    CONSTRAINT scenes_prompt_valid CHECK (is_prose(prompt, 10000)),
    CONSTRAINT scenes_style_known CHECK (style IN (
        'realistic', 'anime', 'cartoon', 'fantasy', 'cyberpunk', 'vintage', 'minimalist'
    )),
    CONSTRAINT scenes_revision_positive CHECK (revision >= 1),
    CONSTRAINT scenes_times_ordered CHECK (updated_at >= created_at)
);

COMMENT ON TABLE scenes IS 'Scenes with several characters.';
COMMENT ON COLUMN scenes.user_id IS 'The owner.';
COMMENT ON COLUMN scenes.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN scenes.name IS 'What it is called.';
COMMENT ON COLUMN scenes.description IS 'What the user wrote.';
COMMENT ON COLUMN scenes.prompt IS 'What the model is told.';
COMMENT ON COLUMN scenes.style IS 'How it is drawn.';
COMMENT ON COLUMN scenes.revision IS 'Grows by one with each change; seen as an etag.';
COMMENT ON COLUMN scenes.created_at IS 'When it was created.';
COMMENT ON COLUMN scenes.updated_at IS 'When it was last changed.';

CREATE INDEX scenes_newest ON scenes (user_id, created_at DESC, id DESC);

CREATE TABLE scene_characters (
    user_id uuid NOT NULL,
    scene_id uuid NOT NULL,
    character_id uuid NOT NULL,
    position integer NOT NULL,

    CONSTRAINT scene_characters_pkey PRIMARY KEY (user_id, scene_id, character_id),
    CONSTRAINT scene_characters_position_unique UNIQUE (user_id, scene_id, position),
    CONSTRAINT scene_characters_scene_fkey FOREIGN KEY (user_id, scene_id)
        REFERENCES scenes (user_id, id) ON DELETE CASCADE,
    CONSTRAINT scene_characters_character_fkey FOREIGN KEY (user_id, character_id)
        REFERENCES characters (user_id, id) ON DELETE CASCADE,
    CONSTRAINT scene_characters_position_valid CHECK (position BETWEEN 0 AND 15)
);

COMMENT ON TABLE scene_characters IS 'Who is in a scene, each once.';
COMMENT ON COLUMN scene_characters.user_id IS 'The owner.';
COMMENT ON COLUMN scene_characters.scene_id IS 'The scene.';
COMMENT ON COLUMN scene_characters.character_id IS 'The character.';
COMMENT ON COLUMN scene_characters.position IS 'The order among the characters.';

CREATE INDEX scene_characters_character ON scene_characters (user_id, character_id);

CREATE TABLE scene_images (
    user_id uuid NOT NULL,
    scene_id uuid NOT NULL,
    asset_id uuid NOT NULL,
    added_at timestamptz NOT NULL,

    CONSTRAINT scene_images_pkey PRIMARY KEY (user_id, scene_id, asset_id),
    CONSTRAINT scene_images_asset_fkey FOREIGN KEY (user_id, asset_id)
        REFERENCES assets (user_id, id) ON DELETE CASCADE,
    CONSTRAINT scene_images_scene_fkey FOREIGN KEY (user_id, scene_id)
        REFERENCES scenes (user_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE scene_images IS 'Images that were made of a scene.';
COMMENT ON COLUMN scene_images.user_id IS 'The owner.';
COMMENT ON COLUMN scene_images.scene_id IS 'The scene.';
COMMENT ON COLUMN scene_images.asset_id IS 'The image.';
COMMENT ON COLUMN scene_images.added_at IS 'When it was added; the order among the images.';

CREATE INDEX scene_images_asset ON scene_images (user_id, asset_id);
