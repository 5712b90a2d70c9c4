-- {characters} characters over 10,000 users: every tenth is the first user's, and the others have
-- as many as each other. Words and tags are as unequally common as in people's texts.
INSERT INTO characters (
    user_id, id, name, description, prompt, style, status, tags, personality,
    is_public, is_favourite, in_library, is_showcased, revision, created_at, updated_at,
    deleted_at, owner_shows
)
SELECT
    ('01900000-0000-7000-8000-' || lpad(to_hex(owner), 12, '0'))::uuid,
    ('01900000-0000-7000-9000-' || lpad(to_hex(number), 12, '0'))::uuid,
    'k' || lpad(floor(2000 * a * a * a)::text, 4, '0') || ' k' || lpad(floor(2000 * b)::text, 4, '0'),
    'A k' || lpad(floor(2000 * c * c)::text, 4, '0') || ' with k'
        || lpad(floor(2000 * d * d * d)::text, 4, '0') || ' hair, of k'
        || lpad(floor(2000 * e)::text, 4, '0'),
    'a prompt of number ' || number,
    (ARRAY['realistic', 'anime', 'cartoon', 'fantasy', 'cyberpunk', 'vintage', 'minimalist'])
        [1 + number % 7],
    (ARRAY['completed', 'completed', 'completed', 'completed', 'pending', 'processing', 'failed'])
        [1 + number % 7],
    ARRAY['t' || floor(10 * a * a)::text, 'u' || floor(1000 * b * b)::text,
        'v' || floor(20000 * c)::text],
    ARRAY['shy'],
    d < 0.3, e < 0.05, a < 0.4, b < 0.02, 1,
    moment, moment, CASE WHEN c < 0.03 THEN moment END,
    owner % 2 = 0
FROM (
    SELECT number, CASE WHEN number % 10 = 0 THEN 0 ELSE 1 + number % 9999 END AS owner,
        random() AS a, random() AS b, random() AS c, random() AS d, random() AS e,
        timestamptz '2026-01-01' + number * interval '20 seconds' AS moment
    FROM generate_series(1, {characters}) number
) made
