"""The table of search documents, what writes them, and the one way to ask it."""

import django.contrib.postgres.search
from django.db import migrations, models

TABLE = """
CREATE TABLE house_searchdocument (
    kind text COLLATE "C" NOT NULL,
    object_id bigint NOT NULL,
    customer_id bigint,
    exact text COLLATE "C" NOT NULL DEFAULT '',
    code text NOT NULL DEFAULT '',
    title text NOT NULL,
    detail text NOT NULL DEFAULT '',
    state text COLLATE "C" NOT NULL DEFAULT '',
    name_key text COLLATE "C" NOT NULL DEFAULT '',
    words tsvector NOT NULL,
    PRIMARY KEY (kind, object_id)
) PARTITION BY LIST (kind);
"""

# A partition a kind: its own statistics and indexes, so that invoices never slow down the search for people.
# The short pending list keeps a question fast right after many documents were written.
KIND = """
CREATE FUNCTION house_search_kind(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE house_search_%1$s PARTITION OF house_searchdocument FOR VALUES IN (%1$L)
        WITH (fillfactor = 90)', name);
    EXECUTE format('CREATE INDEX ON house_search_%1$s (exact) WHERE exact <> ''''', name);
    EXECUTE format('CREATE INDEX ON house_search_%1$s (name_key)', name);
    EXECUTE format('CREATE INDEX ON house_search_%1$s USING gin (words) WITH (gin_pending_list_limit = 512)', name);
END $$;
"""

# Words end at whatever is no letter or digit; an apostrophe joins (O'Brien is obrien). herotill.search.query
# splits what a person types in the same way. The cut keeps a word below the 2,046 octets a tsvector takes.
WORDS = r"""
CREATE FUNCTION house_search_words(value text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := translate(house_fold(value), '''’', '');
    words text[] := array_remove(regexp_split_to_array(folded, '[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f]+'), '');
BEGIN
    IF octet_length(folded) > 1000 THEN
        RETURN ARRAY(SELECT left(word, 64) FROM unnest(words) AS word);
    END IF;
    RETURN words;
END $$;

CREATE FUNCTION house_search_numbers(value text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE digits text := left(regexp_replace(regexp_replace(value, '^\+27', '0'), '[^0-9]', '', 'g'), 64);
BEGIN
    IF digits = '' THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY[digits, '<' || reverse(digits)];
END $$;
"""

# No ids mean all. What stayed the same is not written again.
WRITE = """
CREATE FUNCTION house_search_write(of_kind text, ids bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE changed bigint;
BEGIN
    IF ids = '{}' THEN
        RETURN 0;
    END IF;
    EXECUTE format($sql$
        WITH fresh AS MATERIALIZED (SELECT * FROM search_of_%1$s($1)),
        gone AS (
            DELETE FROM house_search_%1$s d
            WHERE ($1 IS NULL OR d.object_id = ANY ($1))
              AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.object_id = d.object_id)
            RETURNING 1
        ), kept AS (
            INSERT INTO house_search_%1$s AS d
                (kind, object_id, customer_id, exact, code, title, detail, state, name_key, words)
            SELECT %1$L, object_id, customer_id, exact, code, title, detail, state, name_key, words FROM fresh
            ON CONFLICT (kind, object_id) DO UPDATE SET
                (customer_id, exact, code, title, detail, state, name_key, words)
                = (excluded.customer_id, excluded.exact, excluded.code, excluded.title, excluded.detail,
                   excluded.state, excluded.name_key, excluded.words)
            WHERE (d.customer_id, d.exact, d.code, d.title, d.detail, d.state, d.name_key, d.words)
                IS DISTINCT FROM (excluded.customer_id, excluded.exact, excluded.code, excluded.title,
                                  excluded.detail, excluded.state, excluded.name_key, excluded.words)
            RETURNING 1
        ) SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM kept)
    $sql$, of_kind) INTO changed USING ids;
    RETURN changed;
END $$;

CREATE FUNCTION house_search_rebuild(of_kind text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE changed bigint;
BEGIN
    EXECUTE format('LOCK TABLE house_search_%s IN SHARE ROW EXCLUSIVE MODE', of_kind);
    changed := house_search_write(of_kind, NULL);
    EXECUTE format('ANALYZE house_search_%s', of_kind);
    RETURN changed;
END $$;
"""

# A rare word wants the index, and a common one the first rows of the table: the index gathers all rows of
# a word before it gives the first, a hundred thousand for three letters. Left to itself the planner takes
# words it knows nothing of for common and reads a whole table for them, so each way is a function that can
# go no other, and `house_search` chooses.
WAYS = "\n".join(
    f"""
CREATE FUNCTION house_search_{way}(
    of_kind text, keys tsquery, checks tsquery, exact_code text, starts text, past text, most integer
) RETURNS SETOF house_searchdocument LANGUAGE plpgsql STABLE {settings} AS $$
BEGIN
    -- `checks` are called as a function, which no index serves.
    RETURN QUERY EXECUTE format($sql$
        SELECT d.* FROM (SELECT * FROM house_search_%s WHERE words @@ $1 LIMIT $2) d
        WHERE ($3 IS NULL OR ts_match_vq(d.words, $3))
          AND d.exact <> $4 AND NOT (d.name_key >= $5 AND d.name_key < $6)
        LIMIT $7
    $sql$, of_kind) USING keys, CASE WHEN checks IS NULL THEN 200 + most ELSE 1000 END, checks,
        exact_code, starts, past, greatest(200, most);
END $$;
"""
    for way, settings in {
        "by_index": "SET enable_seqscan = off SET enable_indexscan = off",
        "by_reading": "SET enable_bitmapscan = off SET enable_indexscan = off",
    }.items()
)

# Exact code, then names that begin so by the b-tree, then words: the first 200 hits, ordered afterwards.
# `beginning` is the only word of `keys`, if it is one and may be common.
ASK = """
CREATE FUNCTION house_search_share(of_kind text, beginning text) RETURNS real
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT coalesce(sum(share), 0)
        FROM pg_stats s
        CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS common(word, share)
        WHERE s.schemaname = current_schema() AND s.tablename = 'house_search_' || of_kind AND s.attname = 'words'
          AND starts_with(word, beginning)
    );
END $$;

CREATE FUNCTION house_search(
    kinds text[], exact_code text, starts text, keys tsquery, beginning text, checks tsquery, most integer
) RETURNS TABLE (
    place integer, kind text, object_id bigint, customer_id bigint, code text, title text, detail text, state text
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    this text;
    past text := starts || chr(1114111);
    had integer;
BEGIN
    FOREACH this IN ARRAY kinds LOOP
        RETURN QUERY
            SELECT 1, d.kind, d.object_id, d.customer_id, d.code, d.title, d.detail, d.state
            FROM house_searchdocument d
            WHERE d.kind = this AND d.exact = exact_code AND d.exact <> '' ORDER BY d.object_id LIMIT most;
        RETURN QUERY
            SELECT 2, d.kind, d.object_id, d.customer_id, d.code, d.title, d.detail, d.state
            FROM house_searchdocument d
            WHERE d.kind = this AND d.name_key >= starts AND d.name_key < past ORDER BY d.name_key LIMIT most;
        GET DIAGNOSTICS had = ROW_COUNT;
        CONTINUE WHEN had >= most OR keys IS NULL;
        IF beginning = '' OR house_search_share(this, beginning) < 0.02 THEN
            RETURN QUERY
                SELECT 3, d.kind, d.object_id, d.customer_id, d.code, d.title, d.detail, d.state
                FROM house_search_by_index(this, keys, checks, exact_code, starts, past, most) d
                ORDER BY d.name_key, d.object_id LIMIT most;
        ELSE
            RETURN QUERY
                SELECT 3, d.kind, d.object_id, d.customer_id, d.code, d.title, d.detail, d.state
                FROM house_search_by_reading(this, keys, checks, exact_code, starts, past, most) d
                ORDER BY d.name_key, d.object_id LIMIT most;
        END IF;
    END LOOP;
END $$;
"""

UNDO = """
DROP FUNCTION house_search(text[], text, text, tsquery, text, tsquery, integer);
DROP FUNCTION house_search_share, house_search_by_index, house_search_by_reading;
DROP FUNCTION house_search_kind, house_search_words, house_search_numbers, house_search_write, house_search_rebuild;
DROP TABLE house_searchdocument;
"""


class Migration(migrations.Migration):
    dependencies = [("house", "0003_runs_and_facts")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL("\n".join((TABLE, KIND, WORDS, WRITE, WAYS, ASK)), UNDO)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchDocument",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "kind",
                                "object_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("kind", models.TextField(db_collation="C")),
                        ("object_id", models.BigIntegerField()),
                        ("customer_id", models.BigIntegerField(null=True)),
                        ("exact", models.TextField(db_collation="C", db_default="")),
                        ("code", models.TextField(db_default="")),
                        ("title", models.TextField()),
                        ("detail", models.TextField(db_default="")),
                        ("state", models.TextField(db_collation="C", db_default="")),
                        ("name_key", models.TextField(db_collation="C", db_default="")),
                        ("words", django.contrib.postgres.search.SearchVectorField()),
                    ],
                    options={"default_permissions": ()},
                ),
            ],
        ),
    ]
