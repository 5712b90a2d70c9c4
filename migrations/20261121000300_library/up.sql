-- What generation made: `outputs` has what all kinds share, one table a kind has the rest. Every
-- rule of the `library` crate stands here a second time: a CHECK that fires is a bug.
--
-- An output outlives its assets: purging one clears the columns that name it, and takes the rows
-- along that are nothing without it. `job_id` has an index and no foreign key. The transaction is
-- none either: transactions go with the user's account, outputs with the user.

CREATE TABLE outputs (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    project_id uuid,
    job_id uuid,
    transaction_id uuid,
    run text,
    prompt text NOT NULL,
    art_style text,
    model text,
    success boolean NOT NULL,
    message text,
    parameters jsonb,
    started_at timestamptz,
    completed_at timestamptz,
    selected boolean NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,

    CONSTRAINT outputs_pkey PRIMARY KEY (user_id, id),
    -- So that a body can only be of its own kind.
    CONSTRAINT outputs_kind_unique UNIQUE (user_id, id, kind),
    CONSTRAINT outputs_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT outputs_project_fkey FOREIGN KEY (user_id, project_id)
        REFERENCES projects (user_id, id) ON DELETE CASCADE,
    CONSTRAINT outputs_kind_known CHECK (kind IN (
        'concept', 'research', 'summary', 'segmentation', 'image', 'video', 'voiceover',
        'character'
    )),
    CONSTRAINT outputs_run_valid CHECK (is_line(run, 128)),
    CONSTRAINT outputs_prompt_valid CHECK (is_prose(prompt, 100000)),
    CONSTRAINT outputs_art_style_valid CHECK (is_line(art_style, 200)),
    CONSTRAINT outputs_model_valid CHECK (is_line(model, 128)),
    CONSTRAINT outputs_message_valid CHECK (is_prose(message, 4000)),
    CONSTRAINT outputs_parameters_valid CHECK (is_json_object(parameters, 16384)),
    CONSTRAINT outputs_completed_after_start CHECK (completed_at >= started_at),
    CONSTRAINT outputs_selected_fits CHECK (
        NOT selected
        OR (kind = 'segmentation' AND project_id IS NOT NULL AND deleted_at IS NULL)
    ),
    CONSTRAINT outputs_revision_positive CHECK (revision >= 1),
    CONSTRAINT outputs_times_ordered
        CHECK (updated_at >= created_at AND deleted_at BETWEEN created_at AND updated_at)
);
COMMENT ON TABLE outputs IS 'What generation made, or failed to make: what all kinds share.';
COMMENT ON COLUMN outputs.user_id IS 'The owner.';
COMMENT ON COLUMN outputs.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN outputs.kind IS 'What it is, and which table has its body.';
COMMENT ON COLUMN outputs.project_id IS 'The project it is in, if in any.';
COMMENT ON COLUMN outputs.job_id IS 'The job that made it, if one did.';
COMMENT ON COLUMN outputs.transaction_id IS
    'The transaction that paid for it, if any did. What that came to is read from the ledger.';
COMMENT ON COLUMN outputs.run IS 'The caller''s own id of the run.';
COMMENT ON COLUMN outputs.prompt IS 'What was asked.';
COMMENT ON COLUMN outputs.art_style IS 'In which style.';
COMMENT ON COLUMN outputs.model IS 'Which model made it.';
COMMENT ON COLUMN outputs.success IS 'Whether it was made.';
COMMENT ON COLUMN outputs.message IS 'What the maker said of it: an error, or a note.';
COMMENT ON COLUMN outputs.parameters IS 'With which parameters it was made: a JSON object.';
COMMENT ON COLUMN outputs.started_at IS 'When making it began.';
COMMENT ON COLUMN outputs.completed_at IS 'When making it ended, well or not.';
COMMENT ON COLUMN outputs.selected IS
    'Whether it is the segmentation that its project goes by.';
COMMENT ON COLUMN outputs.revision IS 'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN outputs.created_at IS 'When it was stored.';
COMMENT ON COLUMN outputs.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN outputs.deleted_at IS 'When it was deleted, if it is. It can be restored.';

CREATE INDEX outputs_newest ON outputs (user_id, created_at DESC, id DESC);
CREATE INDEX outputs_of_kind ON outputs (user_id, kind, created_at DESC, id DESC);
CREATE INDEX outputs_of_project ON outputs (user_id, project_id, created_at DESC, id DESC)
    WHERE project_id IS NOT NULL;
CREATE INDEX outputs_of_model ON outputs (user_id, model, created_at DESC, id DESC)
    WHERE model IS NOT NULL;
CREATE INDEX outputs_of_style ON outputs (user_id, art_style, created_at DESC, id DESC)
    WHERE art_style IS NOT NULL;
CREATE INDEX outputs_of_job ON outputs (user_id, job_id) WHERE job_id IS NOT NULL;
CREATE UNIQUE INDEX outputs_selected_once ON outputs (user_id, project_id) WHERE selected;

CREATE TABLE output_concepts (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'concept',
    web_info text,
    title text NOT NULL,
    concept text NOT NULL,
    tone text NOT NULL,
    goal text NOT NULL,
    CONSTRAINT output_concepts_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_concepts_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_concepts_kind_fixed CHECK (kind = 'concept'),
    CONSTRAINT output_concepts_web_info_valid CHECK (is_prose(web_info, 100000)),
    CONSTRAINT output_concepts_title_valid CHECK (is_line(title, 200)),
    CONSTRAINT output_concepts_concept_valid CHECK (is_prose(concept, 100000)),
    CONSTRAINT output_concepts_tone_valid CHECK (is_prose(tone, 4000)),
    CONSTRAINT output_concepts_goal_valid CHECK (is_prose(goal, 4000))
);
COMMENT ON TABLE output_concepts IS 'Ideas of videos.';
COMMENT ON COLUMN output_concepts.user_id IS 'The owner.';
COMMENT ON COLUMN output_concepts.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_concepts.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_concepts.web_info IS 'What research said that the idea is built on.';
COMMENT ON COLUMN output_concepts.title IS 'The title.';
COMMENT ON COLUMN output_concepts.concept IS 'The concept.';
COMMENT ON COLUMN output_concepts.tone IS 'The tone.';
COMMENT ON COLUMN output_concepts.goal IS 'The goal.';

CREATE TABLE output_researches (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'research',
    response text NOT NULL,
    CONSTRAINT output_researches_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_researches_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_researches_kind_fixed CHECK (kind = 'research'),
    CONSTRAINT output_researches_response_valid CHECK (is_prose(response, 100000))
);
COMMENT ON TABLE output_researches IS 'Answers from the web.';
COMMENT ON COLUMN output_researches.user_id IS 'The owner.';
COMMENT ON COLUMN output_researches.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_researches.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_researches.response IS 'The answer.';

CREATE TABLE output_research_sources (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    number integer NOT NULL,
    url text NOT NULL,
    title text,
    excerpt text,
    CONSTRAINT output_research_sources_pkey PRIMARY KEY (user_id, output_id, number),
    CONSTRAINT output_research_sources_research_fkey FOREIGN KEY (user_id, output_id)
        REFERENCES output_researches (user_id, output_id) ON DELETE CASCADE,
    CONSTRAINT output_research_sources_number_valid CHECK (number BETWEEN 1 AND 100),
    CONSTRAINT output_research_sources_url_valid CHECK (is_line(url, 2048)),
    CONSTRAINT output_research_sources_title_valid CHECK (is_line(title, 200)),
    CONSTRAINT output_research_sources_excerpt_valid CHECK (is_prose(excerpt, 4000))
);
COMMENT ON TABLE output_research_sources IS 'Where answers from the web come from, in order.';
COMMENT ON COLUMN output_research_sources.user_id IS 'The owner.';
COMMENT ON COLUMN output_research_sources.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_research_sources.number IS '1, 2, 3, … in order.';
COMMENT ON COLUMN output_research_sources.url IS 'The address.';
COMMENT ON COLUMN output_research_sources.title IS 'The title.';
COMMENT ON COLUMN output_research_sources.excerpt IS 'What is said there.';

CREATE TABLE output_summaries (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'summary',
    original text NOT NULL,
    summary text NOT NULL,
    CONSTRAINT output_summaries_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_summaries_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_summaries_kind_fixed CHECK (kind = 'summary'),
    CONSTRAINT output_summaries_original_valid CHECK (is_prose(original, 100000)),
    CONSTRAINT output_summaries_summary_valid CHECK (is_prose(summary, 100000))
);
COMMENT ON TABLE output_summaries IS 'Texts made shorter.';
COMMENT ON COLUMN output_summaries.user_id IS 'The owner.';
COMMENT ON COLUMN output_summaries.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_summaries.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_summaries.original IS 'The text as it was.';
COMMENT ON COLUMN output_summaries.summary IS 'The text made shorter.';

CREATE TABLE output_segmentations (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'segmentation',
    concept text NOT NULL,
    negative_prompt text,
    CONSTRAINT output_segmentations_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_segmentations_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_segmentations_kind_fixed CHECK (kind = 'segmentation'),
    CONSTRAINT output_segmentations_concept_valid CHECK (is_prose(concept, 100000)),
    CONSTRAINT output_segmentations_negative_prompt_valid
        CHECK (is_prose(negative_prompt, 100000))
);
COMMENT ON TABLE output_segmentations IS 'Videos planned in segments.';
COMMENT ON COLUMN output_segmentations.user_id IS 'The owner.';
COMMENT ON COLUMN output_segmentations.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_segmentations.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_segmentations.concept IS 'The concept.';
COMMENT ON COLUMN output_segmentations.negative_prompt IS 'What is not to be seen.';

CREATE TABLE output_segments (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    number integer NOT NULL,
    label text NOT NULL,
    visual text NOT NULL,
    narration text NOT NULL,
    animation text NOT NULL,
    CONSTRAINT output_segments_pkey PRIMARY KEY (user_id, output_id, number),
    CONSTRAINT output_segments_segmentation_fkey FOREIGN KEY (user_id, output_id)
        REFERENCES output_segmentations (user_id, output_id) ON DELETE CASCADE,
    CONSTRAINT output_segments_number_valid CHECK (number BETWEEN 1 AND 200),
    CONSTRAINT output_segments_label_valid CHECK (is_line(label, 200)),
    CONSTRAINT output_segments_visual_valid CHECK (is_prose(visual, 4000)),
    CONSTRAINT output_segments_narration_valid CHECK (is_prose(narration, 4000)),
    CONSTRAINT output_segments_animation_valid CHECK (is_prose(animation, 4000))
);
COMMENT ON TABLE output_segments IS 'The segments of planned videos, in order.';
COMMENT ON COLUMN output_segments.user_id IS 'The owner.';
COMMENT ON COLUMN output_segments.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_segments.number IS '1, 2, 3, … in order.';
COMMENT ON COLUMN output_segments.label IS 'What it is called.';
COMMENT ON COLUMN output_segments.visual IS 'What is seen.';
COMMENT ON COLUMN output_segments.narration IS 'What is said.';
COMMENT ON COLUMN output_segments.animation IS 'What moves.';

CREATE TABLE output_images (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'image',
    image_asset_id uuid,
    thumbnail_asset_id uuid,
    width integer,
    height integer,
    format text,
    aspect_ratio text,
    size_bytes bigint,
    CONSTRAINT output_images_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_images_image_fkey FOREIGN KEY (user_id, image_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (image_asset_id),
    CONSTRAINT output_images_thumbnail_fkey FOREIGN KEY (user_id, thumbnail_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (thumbnail_asset_id),
    CONSTRAINT output_images_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_images_kind_fixed CHECK (kind = 'image'),
    CONSTRAINT output_images_dimensions_whole CHECK (num_nulls(width, height) IN (0, 2)),
    CONSTRAINT output_images_dimensions_valid
        CHECK (width BETWEEN 1 AND 65535 AND height BETWEEN 1 AND 65535),
    CONSTRAINT output_images_format_valid CHECK (is_line(format, 200)),
    CONSTRAINT output_images_aspect_ratio_valid CHECK (is_line(aspect_ratio, 200)),
    CONSTRAINT output_images_size_bytes_not_negative CHECK (size_bytes >= 0)
);
COMMENT ON TABLE output_images IS 'Pictures.';
COMMENT ON COLUMN output_images.user_id IS 'The owner.';
COMMENT ON COLUMN output_images.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_images.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_images.image_asset_id IS 'The asset that holds the picture.';
COMMENT ON COLUMN output_images.thumbnail_asset_id IS 'The asset that holds the small picture.';
COMMENT ON COLUMN output_images.width IS 'In pixels.';
COMMENT ON COLUMN output_images.height IS 'In pixels.';
COMMENT ON COLUMN output_images.format IS 'Such as png.';
COMMENT ON COLUMN output_images.aspect_ratio IS 'As it was asked for, such as 16:9.';
COMMENT ON COLUMN output_images.size_bytes IS 'How large the file is.';
CREATE INDEX output_images_of_asset ON output_images (user_id, image_asset_id)
    WHERE image_asset_id IS NOT NULL;
CREATE INDEX output_images_of_thumbnail ON output_images (user_id, thumbnail_asset_id)
    WHERE thumbnail_asset_id IS NOT NULL;

CREATE TABLE output_videos (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'video',
    total integer,
    CONSTRAINT output_videos_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_videos_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_videos_kind_fixed CHECK (kind = 'video'),
    CONSTRAINT output_videos_total_valid CHECK (total BETWEEN 1 AND 1000)
);
COMMENT ON TABLE output_videos IS 'Videos.';
COMMENT ON COLUMN output_videos.user_id IS 'The owner.';
COMMENT ON COLUMN output_videos.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_videos.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_videos.total IS 'How many files were asked for.';

CREATE TABLE output_video_files (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    number integer NOT NULL,
    video_asset_id uuid NOT NULL,
    thumbnail_asset_id uuid,
    duration_ms integer,
    width integer,
    height integer,
    format text,
    CONSTRAINT output_video_files_pkey PRIMARY KEY (user_id, output_id, number),
    CONSTRAINT output_video_files_asset_fkey FOREIGN KEY (user_id, video_asset_id)
        REFERENCES assets (user_id, id) ON DELETE CASCADE,
    CONSTRAINT output_video_files_thumbnail_fkey FOREIGN KEY (user_id, thumbnail_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (thumbnail_asset_id),
    CONSTRAINT output_video_files_video_fkey FOREIGN KEY (user_id, output_id)
        REFERENCES output_videos (user_id, output_id) ON DELETE CASCADE,
    CONSTRAINT output_video_files_number_valid CHECK (number BETWEEN 1 AND 100),
    CONSTRAINT output_video_files_duration_valid CHECK (duration_ms BETWEEN 1 AND 86400000),
    CONSTRAINT output_video_files_dimensions_whole CHECK (num_nulls(width, height) IN (0, 2)),
    CONSTRAINT output_video_files_dimensions_valid
        CHECK (width BETWEEN 1 AND 65535 AND height BETWEEN 1 AND 65535),
    CONSTRAINT output_video_files_format_valid CHECK (is_line(format, 200))
);
COMMENT ON TABLE output_video_files IS 'The files of videos, in order.';
COMMENT ON COLUMN output_video_files.user_id IS 'The owner.';
COMMENT ON COLUMN output_video_files.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_video_files.number IS '1, 2, 3, … in order.';
COMMENT ON COLUMN output_video_files.video_asset_id IS 'The asset that holds the file.';
COMMENT ON COLUMN output_video_files.thumbnail_asset_id IS
    'The asset that holds the small picture.';
COMMENT ON COLUMN output_video_files.duration_ms IS 'How long it lasts or is shown.';
COMMENT ON COLUMN output_video_files.width IS 'In pixels.';
COMMENT ON COLUMN output_video_files.height IS 'In pixels.';
COMMENT ON COLUMN output_video_files.format IS 'Such as png.';
CREATE INDEX output_video_files_of_asset ON output_video_files (user_id, video_asset_id);
CREATE INDEX output_video_files_of_thumbnail ON output_video_files (user_id, thumbnail_asset_id)
    WHERE thumbnail_asset_id IS NOT NULL;

CREATE TABLE output_video_sources (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    number integer NOT NULL,
    image_asset_id uuid NOT NULL,
    image_output_id uuid,
    duration_ms integer,
    CONSTRAINT output_video_sources_pkey PRIMARY KEY (user_id, output_id, number),
    CONSTRAINT output_video_sources_asset_fkey FOREIGN KEY (user_id, image_asset_id)
        REFERENCES assets (user_id, id) ON DELETE CASCADE,
    CONSTRAINT output_video_sources_video_fkey FOREIGN KEY (user_id, output_id)
        REFERENCES output_videos (user_id, output_id) ON DELETE CASCADE,
    -- The video outlives the pictures it was made of.
    CONSTRAINT output_video_sources_image_fkey FOREIGN KEY (user_id, image_output_id)
        REFERENCES outputs (user_id, id) ON DELETE SET NULL (image_output_id),
    CONSTRAINT output_video_sources_number_valid CHECK (number BETWEEN 1 AND 100),
    CONSTRAINT output_video_sources_duration_valid CHECK (duration_ms BETWEEN 1 AND 86400000)
);
COMMENT ON TABLE output_video_sources IS 'The pictures that videos were made of, in order.';
COMMENT ON COLUMN output_video_sources.user_id IS 'The owner.';
COMMENT ON COLUMN output_video_sources.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_video_sources.number IS '1, 2, 3, … in order.';
COMMENT ON COLUMN output_video_sources.image_asset_id IS 'The asset that holds the picture.';
COMMENT ON COLUMN output_video_sources.image_output_id IS
    'The output that the picture is of, if it is of one here.';
COMMENT ON COLUMN output_video_sources.duration_ms IS 'How long it lasts or is shown.';
CREATE INDEX output_video_sources_of_asset ON output_video_sources (user_id, image_asset_id);
CREATE INDEX output_video_sources_of_image ON output_video_sources (user_id, image_output_id)
    WHERE image_output_id IS NOT NULL;

CREATE TABLE output_voiceovers (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'voiceover',
    audio_asset_id uuid,
    duration_ms integer,
    voice text,
    format text,
    CONSTRAINT output_voiceovers_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_voiceovers_audio_fkey FOREIGN KEY (user_id, audio_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (audio_asset_id),
    CONSTRAINT output_voiceovers_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_voiceovers_kind_fixed CHECK (kind = 'voiceover'),
    CONSTRAINT output_voiceovers_duration_valid CHECK (duration_ms BETWEEN 1 AND 86400000),
    CONSTRAINT output_voiceovers_voice_valid CHECK (is_line(voice, 200)),
    CONSTRAINT output_voiceovers_format_valid CHECK (is_line(format, 200))
);
COMMENT ON TABLE output_voiceovers IS 'Texts spoken.';
COMMENT ON COLUMN output_voiceovers.user_id IS 'The owner.';
COMMENT ON COLUMN output_voiceovers.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_voiceovers.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_voiceovers.audio_asset_id IS 'The asset that holds the sound.';
COMMENT ON COLUMN output_voiceovers.duration_ms IS 'How long it lasts or is shown.';
COMMENT ON COLUMN output_voiceovers.voice IS 'Which voice spoke.';
COMMENT ON COLUMN output_voiceovers.format IS 'Such as png.';
CREATE INDEX output_voiceovers_of_asset ON output_voiceovers (user_id, audio_asset_id)
    WHERE audio_asset_id IS NOT NULL;

CREATE TABLE output_characters (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'character',
    name text,
    description text,
    sprite_sheet_asset_id uuid,
    final_asset_id uuid,
    character_id uuid,
    batch_size integer,
    CONSTRAINT output_characters_pkey PRIMARY KEY (user_id, output_id),
    CONSTRAINT output_characters_sprite_sheet_fkey FOREIGN KEY (user_id, sprite_sheet_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (sprite_sheet_asset_id),
    CONSTRAINT output_characters_final_fkey FOREIGN KEY (user_id, final_asset_id)
        REFERENCES assets (user_id, id) ON DELETE SET NULL (final_asset_id),
    CONSTRAINT output_characters_output_fkey FOREIGN KEY (user_id, output_id, kind)
        REFERENCES outputs (user_id, id, kind) ON DELETE CASCADE,
    CONSTRAINT output_characters_kind_fixed CHECK (kind = 'character'),
    CONSTRAINT output_characters_name_valid CHECK (is_line(name, 200)),
    CONSTRAINT output_characters_description_valid CHECK (is_prose(description, 100000)),
    CONSTRAINT output_characters_batch_size_valid CHECK (batch_size BETWEEN 1 AND 1000)
);
COMMENT ON TABLE output_characters IS 'Characters drawn.';
COMMENT ON COLUMN output_characters.user_id IS 'The owner.';
COMMENT ON COLUMN output_characters.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_characters.kind IS 'The kind of the output, always the same here.';
COMMENT ON COLUMN output_characters.name IS 'What it is called.';
COMMENT ON COLUMN output_characters.description IS 'What it is like.';
COMMENT ON COLUMN output_characters.sprite_sheet_asset_id IS
    'The asset that holds the sprite sheet.';
COMMENT ON COLUMN output_characters.final_asset_id IS 'The asset that holds the final picture.';
COMMENT ON COLUMN output_characters.character_id IS
    'The character of the catalogue that it was made for.';
COMMENT ON COLUMN output_characters.batch_size IS 'How many pictures were asked for at once.';
CREATE INDEX output_characters_of_sprite_sheet
    ON output_characters (user_id, sprite_sheet_asset_id)
    WHERE sprite_sheet_asset_id IS NOT NULL;
CREATE INDEX output_characters_of_final ON output_characters (user_id, final_asset_id)
    WHERE final_asset_id IS NOT NULL;
CREATE INDEX output_characters_of_character ON output_characters (user_id, character_id)
    WHERE character_id IS NOT NULL;

CREATE TABLE output_character_views (
    user_id uuid NOT NULL,
    output_id uuid NOT NULL,
    number integer NOT NULL,
    image_asset_id uuid NOT NULL,
    label text,
    CONSTRAINT output_character_views_pkey PRIMARY KEY (user_id, output_id, number),
    CONSTRAINT output_character_views_asset_fkey FOREIGN KEY (user_id, image_asset_id)
        REFERENCES assets (user_id, id) ON DELETE CASCADE,
    CONSTRAINT output_character_views_character_fkey FOREIGN KEY (user_id, output_id)
        REFERENCES output_characters (user_id, output_id) ON DELETE CASCADE,
    CONSTRAINT output_character_views_number_valid CHECK (number BETWEEN 1 AND 6),
    CONSTRAINT output_character_views_label_valid CHECK (is_line(label, 200))
);
COMMENT ON TABLE output_character_views IS 'The sides that characters were drawn from, in order.';
COMMENT ON COLUMN output_character_views.user_id IS 'The owner.';
COMMENT ON COLUMN output_character_views.output_id IS 'The output whose body this is.';
COMMENT ON COLUMN output_character_views.number IS '1, 2, 3, … in order.';
COMMENT ON COLUMN output_character_views.image_asset_id IS 'The asset that holds the picture.';
COMMENT ON COLUMN output_character_views.label IS 'What it is called.';
CREATE INDEX output_character_views_of_asset ON output_character_views (user_id, image_asset_id);
