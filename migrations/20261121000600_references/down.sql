DROP VIEW asset_references;
ALTER TABLE output_characters DROP CONSTRAINT output_characters_character_fkey;
