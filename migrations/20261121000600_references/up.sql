-- What refers to what across areas whose own steps come too early to say so.

-- The generation of a character outlives the character.
ALTER TABLE output_characters
    ADD CONSTRAINT output_characters_character_fkey FOREIGN KEY (user_id, character_id)
        REFERENCES characters (user_id, id) ON DELETE SET NULL (character_id);

-- Every column that names an asset has its line here, or a purge would take the asset from under it.
-- `made` tells those that were made for the row from those that were only used for it.
CREATE VIEW asset_references AS
    SELECT user_id, image_asset_id AS asset_id, true AS made,
        NULL::uuid AS output_id, id AS character_id, NULL::uuid AS theme_id,
        NULL::uuid AS variant_id, NULL::uuid AS scene_id FROM characters
    UNION ALL SELECT user_id, thumbnail_asset_id, true, NULL, id, NULL, NULL, NULL FROM characters
    UNION ALL SELECT user_id, reference_asset_id, false, NULL, id, NULL, NULL, NULL FROM characters
    UNION ALL SELECT user_id, image_asset_id, true, NULL, character_id, theme_id, id, NULL
        FROM variants
    UNION ALL SELECT user_id, thumbnail_asset_id, true, NULL, character_id, theme_id, id, NULL
        FROM variants
    UNION ALL SELECT user_id, cover_asset_id, false, NULL, NULL, NULL, NULL, NULL FROM collections
    UNION ALL SELECT user_id, asset_id, true, NULL, NULL, NULL, NULL, scene_id FROM scene_images
    UNION ALL SELECT user_id, image_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_images
    UNION ALL SELECT user_id, thumbnail_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_images
    UNION ALL SELECT user_id, video_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_video_files
    UNION ALL SELECT user_id, thumbnail_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_video_files
    UNION ALL SELECT user_id, image_asset_id, false, output_id, NULL, NULL, NULL, NULL
        FROM output_video_sources
    UNION ALL SELECT user_id, audio_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_voiceovers
    UNION ALL SELECT user_id, sprite_sheet_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_characters
    UNION ALL SELECT user_id, final_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_characters
    UNION ALL SELECT user_id, image_asset_id, true, output_id, NULL, NULL, NULL, NULL
        FROM output_character_views;

COMMENT ON VIEW asset_references IS
    'Which assets a user''s things refer to: a purge takes those that were made for what it purges '
    'and that nothing else refers to.';
COMMENT ON COLUMN asset_references.user_id IS 'The owner of both.';
COMMENT ON COLUMN asset_references.asset_id IS 'The asset, or null.';
COMMENT ON COLUMN asset_references.made IS 'Whether it was made for the thing, not only used.';
COMMENT ON COLUMN asset_references.output_id IS 'The output that refers to it, if one does.';
COMMENT ON COLUMN asset_references.character_id IS 'The character, also of a variant.';
COMMENT ON COLUMN asset_references.theme_id IS 'The theme, of a variant.';
COMMENT ON COLUMN asset_references.variant_id IS 'The variant.';
COMMENT ON COLUMN asset_references.scene_id IS 'The scene.';
