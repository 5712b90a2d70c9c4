-- What else 10,000 users own: one in ten of each kind is the first user's. {many} assets, outputs
-- and themes, half as many of the rest.
INSERT INTO assets (
    user_id, id, name, kind, provider, state, url, content_type, revision, created_at, updated_at
)
SELECT user_id, id, 'a.bin', (ARRAY['image', 'video', 'audio'])[1 + number % 3],
    (ARRAY['vercel_blob', 'gcs'])[1 + number % 2], 'external', 'https://example.com/a', NULL, 1,
    moment, moment
FROM bench_rows({many});

INSERT INTO projects (user_id, id, name, public, revision, created_at, updated_at)
SELECT user_id, id, 'Project ' || number, number % 5 = 0, 1, moment, moment
FROM bench_rows({many} / 2);

INSERT INTO share_links (user_id, id, project_id, hash, created_at)
SELECT user_id, id, id, sha256(convert_to(id::text, 'UTF8')), created_at FROM projects;

INSERT INTO conversations (
    user_id, id, project_id, title, turns, revision, created_at, updated_at
)
SELECT p.user_id, p.id, p.id, 'Talk', 0, 1, p.created_at, p.created_at FROM projects p;

INSERT INTO features (user_id, id, workspace, name, tags, revision, created_at, updated_at)
SELECT user_id, id, 'workspace ' || number % 7, 'Feature ' || number,
    ARRAY['t' || number % 10], 1, moment, moment
FROM bench_rows({many} / 2);

INSERT INTO outputs (
    user_id, id, kind, project_id, prompt, art_style, model, success, selected, revision,
    created_at, updated_at
)
SELECT r.user_id, r.id, 'image', p.id, 'A sea', 'style ' || r.number % 9, 'model ' || r.number % 5,
    r.number % 20 <> 0, false, 1, r.moment, r.moment
FROM bench_rows({many}) r
LEFT JOIN projects p ON p.user_id = r.user_id AND p.id = r.id;
INSERT INTO output_images (user_id, output_id) SELECT user_id, id FROM outputs;

INSERT INTO collections (user_id, id, name, revision, created_at, updated_at)
SELECT user_id, id, 'Heroes', 1, moment, moment FROM bench_rows({many} / 2);
INSERT INTO collection_entries (user_id, collection_id, character_id, place, added_at)
SELECT c.user_id, c.id, h.id, h.place, c.created_at
FROM collections c
CROSS JOIN LATERAL (
    SELECT id, row_number() OVER (ORDER BY id) AS place
    FROM (SELECT id FROM characters WHERE user_id = c.user_id ORDER BY id LIMIT 5) AS few
) AS h;

INSERT INTO scenes (user_id, id, name, revision, created_at, updated_at)
SELECT user_id, id, 'Picnic', 1, moment, moment FROM bench_rows({many} / 2);
INSERT INTO scene_characters (user_id, scene_id, character_id, position)
SELECT s.user_id, s.id, h.id, 0
FROM scenes s
CROSS JOIN LATERAL (
    SELECT id FROM characters WHERE user_id = s.user_id ORDER BY id LIMIT 1
) AS h;

INSERT INTO themes (user_id, id, character_id, name, name_key, revision, created_at, updated_at)
SELECT c.user_id, c.id, c.id, 'Winter', 'winter', 1, c.created_at, c.created_at
FROM characters c LIMIT {many};
INSERT INTO variants (
    user_id, id, character_id, theme_id, number, prompt, revision, created_at, updated_at
)
SELECT user_id, id, character_id, id, 1, 'make her smile', 1, created_at, created_at FROM themes;

INSERT INTO activities (user_id, id, at, action, actor_kind)
SELECT user_id, id, moment, (ARRAY['character.created', 'asset.stored'])[1 + number % 2], 'system'
FROM bench_rows({many});
