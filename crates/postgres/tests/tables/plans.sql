-- Fifty users with twenty things of each kind.
INSERT INTO users (id, revision, created_at, updated_at)
SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, now(), now()
FROM generate_series(1, 50) n;

CREATE TABLE made AS
SELECT u.id AS user_id, gen_random_uuid() AS id, now() - n * interval '1 minute' AS moment, n
FROM users u CROSS JOIN generate_series(1, 20) n;

INSERT INTO assets (
    user_id, id, name, kind, provider, state, url, revision, created_at, updated_at
)
SELECT user_id, id, 'a.bin', 'image', 'gcs', 'external', 'https://example.com/a', 1, moment, moment
FROM made;
INSERT INTO projects (user_id, id, name, public, revision, created_at, updated_at)
SELECT user_id, id, 'Comics', n = 1, 1, moment, moment FROM made;
INSERT INTO share_links (user_id, id, project_id, hash, created_at)
SELECT user_id, id, id, sha256(convert_to(id::text, 'UTF8')), moment FROM made;
INSERT INTO conversations (user_id, id, project_id, turns, revision, created_at, updated_at)
SELECT user_id, id, id, 0, 1, moment, moment FROM made;
INSERT INTO features (user_id, id, workspace, name, tags, revision, created_at, updated_at)
SELECT user_id, id, 'w', 'Feature ' || n, '{}', 1, moment, moment FROM made;
INSERT INTO outputs (
    user_id, id, kind, project_id, prompt, success, selected, revision, created_at, updated_at
)
SELECT user_id, id, 'image', id, 'A sea', true, false, 1, moment, moment FROM made;
INSERT INTO output_images (user_id, output_id) SELECT user_id, id FROM made;
INSERT INTO characters (
    user_id, id, name, prompt, tags, revision, created_at, updated_at, is_public, owner_shows
)
SELECT user_id, id, 'Mia', 'a robot', ARRAY['t' || n], 1, moment, moment, n < 5, true FROM made;
INSERT INTO themes (user_id, id, character_id, name, name_key, revision, created_at, updated_at)
SELECT user_id, id, id, 'Winter', 'winter', 1, moment, moment FROM made;
INSERT INTO variants (
    user_id, id, character_id, theme_id, number, prompt, revision, created_at, updated_at
)
SELECT user_id, id, id, id, 1, 'smile', 1, moment, moment FROM made;
INSERT INTO collections (user_id, id, name, revision, created_at, updated_at)
SELECT user_id, id, 'Heroes', 1, moment, moment FROM made;
INSERT INTO collection_entries (user_id, collection_id, character_id, place, added_at)
SELECT user_id, id, id, 1, moment FROM made;
INSERT INTO scenes (user_id, id, revision, created_at, updated_at)
SELECT user_id, id, 1, moment, moment FROM made;
INSERT INTO scene_characters (user_id, scene_id, character_id, position)
SELECT user_id, id, id, 0 FROM made;
INSERT INTO scene_images (user_id, scene_id, asset_id, added_at)
SELECT user_id, id, id, moment FROM made;
INSERT INTO activities (user_id, id, at, action, actor_kind)
SELECT user_id, id, moment, 'login', 'system' FROM made;
INSERT INTO events (user_id, kind, subject_id, revision, at)
SELECT user_id, 'project.created', id, 1, moment FROM made;
INSERT INTO ledger_entries (
    user_id, version, at, transaction_id, kind, available_change, held_change, available_after,
    held_after, hash
)
SELECT user_id, 21 - n, moment, id, 'purchased', 1, 0, 21 - n, 0, sha256('') FROM made ORDER BY n DESC;
DROP TABLE made;
ANALYZE;
-- What is planned for is a thousand times as much.
UPDATE pg_class SET reltuples = 1000 * reltuples
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0;
