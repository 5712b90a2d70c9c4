-- At each statement Postgres reads every CHECK of the table it writes to anew from its text: for a job
-- that took four times as long as writing the row. Tables that are written to all the time keep
-- their rules in a function instead, which a connection reads once. One CHECK calls it; a rule that is
-- broken is still refused under its own name.

CREATE FUNCTION rules_into_one(ruled regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
    name text;
    sound text;
    columns text;
    rules jsonb;
    rule record;
    cases text := '';
BEGIN
    SELECT relname, format('%s.%I', relnamespace::regnamespace, relname || '_sound')
    INTO name, sound FROM pg_class WHERE oid = ruled;
    SELECT string_agg(attname, '|') INTO columns
    FROM pg_attribute WHERE attrelid = ruled AND attnum > 0 AND NOT attisdropped;
    SELECT jsonb_object_agg(conname, pg_get_expr(conbin, conrelid)) INTO rules
    FROM pg_constraint WHERE conrelid = ruled AND contype = 'c';
    FOR rule IN SELECT * FROM jsonb_each_text(rules) ORDER BY key COLLATE "C" LOOP
        -- The columns by themselves, and not where they stand in a text or are a function's name.
        cases := cases || format(
            E'\n    WHEN NOT %s THEN %L',
            regexp_replace(
                rule.value,
                '(?<![[:alnum:]_''.])(' || columns || ')(?![[:alnum:]_''(])',
                'r.\1', 'g'
            ),
            rule.key
        );
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', ruled, rule.key);
    END LOOP;
    EXECUTE format(
        $function$
CREATE FUNCTION %s(r %s) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $sound$
DECLARE
    broken text := CASE%s
    END;
BEGIN
    IF broken IS NULL THEN
        RETURN true;
    END IF;
    RAISE EXCEPTION USING
        MESSAGE = 'a row breaks the rule ' || broken,
        ERRCODE = 'check_violation', TABLE = %L, CONSTRAINT = broken;
END
$sound$
        $function$,
        sound, ruled, cases, name
    );
    EXECUTE format(
        'COMMENT ON FUNCTION %s IS %L', sound, 'Whether a row keeps every rule of its table.'
    );
    -- Not read through once more: every row has kept the rules until now.
    EXECUTE format(
        'ALTER TABLE %1$s ADD CONSTRAINT %2$I CHECK (%3$s(%4$I)) NOT VALID',
        ruled, name || '_sound', sound,
        name
    );
    EXECUTE format(
        'COMMENT ON CONSTRAINT %I ON %s IS %L',
        name || '_sound', ruled, rules
    );
END
$body$;
COMMENT ON FUNCTION rules_into_one IS
    'Puts the CHECKs of a table into one, whose comment has each by its name.';

CREATE FUNCTION rules_apart(ruled regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
    name text;
    sound text;
    rules jsonb;
    rule record;
BEGIN
    SELECT relname || '_sound', format('%s.%I', relnamespace::regnamespace, relname || '_sound')
    INTO name, sound FROM pg_class WHERE oid = ruled;
    SELECT obj_description(oid, 'pg_constraint')::jsonb INTO rules
    FROM pg_constraint WHERE conrelid = ruled AND conname = name;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', ruled, name);
    EXECUTE format('DROP FUNCTION %s', sound);
    FOR rule IN SELECT * FROM jsonb_each_text(rules) ORDER BY key COLLATE "C" LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s)', ruled, rule.key, rule.value);
    END LOOP;
END
$body$;
COMMENT ON FUNCTION rules_apart IS 'Gives a table its CHECKs back that are in one.';

SELECT rules_into_one(ruled::regclass) FROM unnest(ARRAY[
    'ledger_accounts', 'ledger_lots', 'ledger_transactions', 'activities', 'assets', 'outputs',
    'output_images', 'jobs', 'job_steps'
]) AS ruled;
