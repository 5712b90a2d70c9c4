INSERT INTO users (id, revision, created_at, updated_at)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid, 1, now(), now()
FROM generate_series(1, {users}) number;
