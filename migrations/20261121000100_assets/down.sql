DROP TABLE assets;
DROP FUNCTION assets_doom;
DROP TABLE doomed_objects;
