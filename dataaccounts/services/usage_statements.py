"""The statements by which a batch of the journal becomes usage. `usage_import` says in which order.

Sessions whose packets all came in order and whose counters only grew are counted here, all at once; of the others
only the rows are set aside, for `policies.metering`.
"""

# No session's counter goes beyond the one, nor what is used in a day the other: what does is a router's nonsense, and
# may neither be billed nor leave 64 bits, or nothing else would be counted any more.
COUNTED, MOST = 2**56, 2**50


def _sum(column: str) -> str:
    return f"greatest(least(sum({column}), {MOST}), -{MOST})::bigint"


SUMS = f"{_sum('download')}, {_sum('upload')}"

# Room in memory for them has to be asked for before a session has its first. Where some other work of
# this connection had one and was undone, nothing tells that, and the room stays as it is.
ROOM = """
DO $$ BEGIN
    IF pg_my_temp_schema() = 0 THEN
        PERFORM set_config('temp_buffers', '64MB', false);
    END IF;
EXCEPTION WHEN invalid_parameter_value THEN
    NULL;
END $$
"""

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS usage_step (
    id bigint, unique_id text COLLATE "C", username text COLLATE "C", nas_address inet,
    first bigint, at bigint, seconds bigint, input bigint, output bigint, from_input bigint, from_output bigint,
    was_at bigint, was_input bigint, was_output bigint, last boolean, odd boolean, noted_at timestamptz
);
CREATE TEMP TABLE IF NOT EXISTS usage_stretch (
    username text COLLATE "C", nas_address inet, first bigint, last bigint, input bigint, output bigint
);
CREATE TEMP TABLE IF NOT EXISTS usage_state (
    unique_id text COLLATE "C", at bigint, seconds bigint, input_octets bigint, output_octets bigint,
    was_at bigint, was_input bigint, was_output bigint, seen_at timestamptz, resets integer
);
CREATE TEMP TABLE IF NOT EXISTS usage_piece (
    account_id bigint, username text COLLATE "C", nas_address inet, sector_id bigint, bucket bigint, hour timestamptz,
    day date, download bigint, upload bigint
);
TRUNCATE usage_step, usage_stretch, usage_state, usage_piece;
SET LOCAL jit = off;
SET LOCAL work_mem = '64MB';
"""

# How many rows of the journal a batch has, and the last of them.
REACH = """
SELECT count(*), max(id) FROM (
    SELECT id FROM dataaccounts_journal WHERE id > %(after)s AND id <= %(upto)s ORDER BY id LIMIT %(size)s
) found
"""

# A clock that is ahead of ours, or was never set, is not believed: then the moment we learned it counts. Counters that
# cannot be are not believed either: such a packet tells none.
CLOCK = "at > noted_at + interval '10 minutes' OR at < '2010-01-01'"
PACKETS = f"""
SELECT id, unique_id, username, nas_address, extract(epoch FROM CASE WHEN clock THEN noted_at ELSE at END)::bigint AS at,
    CASE WHEN seconds BETWEEN 0 AND 4294967295 THEN seconds END AS seconds,
    CASE WHEN tells THEN input_octets ELSE 0 END AS input, CASE WHEN tells THEN output_octets ELSE 0 END AS output,
    extract(epoch FROM CASE WHEN was_at > noted_at + interval '10 minutes' OR was_at < '2010-01-01'
        THEN noted_at ELSE was_at END)::bigint AS was_at,
    CASE WHEN told THEN was_input WHEN tells THEN input_octets ELSE 0 END AS was_input,
    CASE WHEN told THEN was_output WHEN tells THEN output_octets ELSE 0 END AS was_output, noted_at
FROM (
    SELECT *, {CLOCK} AS clock,
        input_octets BETWEEN 0 AND {COUNTED} AND output_octets BETWEEN 0 AND {COUNTED} AS tells,
        was_input BETWEEN 0 AND {COUNTED} AND was_output BETWEEN 0 AND {COUNTED} AS told
    FROM dataaccounts_journal
    WHERE id > %(after)s AND id <= %(last)s AND kind IN ('start', 'interim', 'stop')
) found
"""

# What each packet adds to the one before it, which is the row before, the counters kept, or a session's beginning.
STEP = f"""
INSERT INTO usage_step
SELECT id, unique_id, username, nas_address, p_at, at, seconds, input, output, p_input, p_output,
    was_at, was_input, was_output, last,
    at < p_at OR input < p_input OR output < p_output OR seconds < p_seconds
        OR (at = p_at AND (seconds > p_seconds OR NOT begins)) OR (begins AND was_at IS NOT NULL), noted_at
FROM (
    SELECT r.*, c.unique_id IS NULL AND r.n = 1 AS begins,
        CASE WHEN r.n > 1 THEN r.l_at WHEN c.unique_id IS NULL THEN r.at - least(coalesce(r.seconds, 0), %(longest)s)
            ELSE c.at END AS p_at,
        CASE WHEN r.n > 1 THEN r.l_seconds WHEN c.unique_id IS NULL THEN r.seconds * 0 ELSE c.seconds END AS p_seconds,
        CASE WHEN r.n > 1 THEN r.l_input ELSE coalesce(c.input_octets, 0) END AS p_input,
        CASE WHEN r.n > 1 THEN r.l_output ELSE coalesce(c.output_octets, 0) END AS p_output
    FROM (
        SELECT *, row_number() OVER w AS n, lead(id) OVER w IS NULL AS last, lag(at) OVER w AS l_at,
            lag(seconds) OVER w AS l_seconds, lag(input) OVER w AS l_input, lag(output) OVER w AS l_output
        FROM ({PACKETS}) packets
        WINDOW w AS (PARTITION BY unique_id ORDER BY id)
    ) r LEFT JOIN dataaccounts_counter c ON c.unique_id = r.unique_id AND r.n = 1
) s;
ANALYZE usage_step (unique_id, username, nas_address, odd);
"""

# Sessions that need a closer look, with the counters kept of them.
ODD = """
SELECT s.unique_id, s.id, s.username, s.nas_address::text, s.at, s.seconds, s.input, s.output,
    s.was_at, s.was_input, s.was_output, s.noted_at,
    c.at, c.seconds, c.input_octets, c.output_octets, c.was_at, c.was_input, c.was_output
FROM usage_step s LEFT JOIN dataaccounts_counter c ON c.unique_id = s.unique_id
WHERE s.unique_id IN (SELECT unique_id FROM usage_step WHERE odd)
ORDER BY s.unique_id, s.at, s.id
"""

COUNTERS = """
INSERT INTO dataaccounts_counter AS c
SELECT unique_id, at, seconds, input, output, first, from_input, from_output, noted_at FROM usage_step
WHERE last AND unique_id NOT IN (SELECT unique_id FROM usage_step WHERE odd)
UNION ALL
SELECT unique_id, at, seconds, input_octets, output_octets, was_at, was_input, was_output, seen_at FROM usage_state
ON CONFLICT (unique_id) DO UPDATE SET at = excluded.at, seconds = excluded.seconds,
    input_octets = excluded.input_octets, output_octets = excluded.output_octets, was_at = excluded.was_at,
    was_input = excluded.was_input, was_output = excluded.was_output, seen_at = excluded.seen_at
"""

TROUBLES = f"""
INSERT INTO dataaccounts_trouble AS t
SELECT unique_id, 'clock', count(*), max(noted_at) FROM dataaccounts_journal
WHERE id > %(after)s AND id <= %(last)s AND ({CLOCK}) GROUP BY unique_id
UNION ALL
SELECT unique_id, 'reset', resets, seen_at FROM usage_state WHERE resets > 0
ON CONFLICT (unique_id, kind) DO UPDATE SET times = t.times + excluded.times, noted_at = excluded.noted_at
"""

# Each stretch cut at every full hour: most lie within one. Used in no time means: in the second before.
PIECES = """
INSERT INTO usage_piece
SELECT a.id, CASE WHEN a.id IS NULL THEN c.username END, c.nas_address, coalesce(a.sector_id, 0), c.bucket,
    to_timestamp(c.bucket * 3600), (to_timestamp(c.bucket * 3600) AT TIME ZONE %(zone)s)::date,
    CASE WHEN n.swap_directions THEN c.input ELSE c.output END,
    CASE WHEN n.swap_directions THEN c.output ELSE c.input END
FROM (
    WITH stretch AS (
        SELECT username, nas_address, least(first, at - 1) AS first, at AS last,
            input - from_input AS input, output - from_output AS output FROM usage_step
        WHERE (input > from_input OR output > from_output)
            AND unique_id NOT IN (SELECT unique_id FROM usage_step WHERE odd)
        UNION ALL
        SELECT username, nas_address, least(first, last - 1), last, input, output FROM usage_stretch
    )
    SELECT username, nas_address, first / 3600 AS bucket, input, output FROM stretch
    WHERE first / 3600 = (last - 1) / 3600
    UNION ALL
    SELECT username, nas_address, b,
        dataaccounts_share(input, least(b * 3600 + 3600, last) - first, last - first)
            - dataaccounts_share(input, greatest(b * 3600, first) - first, last - first),
        dataaccounts_share(output, least(b * 3600 + 3600, last) - first, last - first)
            - dataaccounts_share(output, greatest(b * 3600, first) - first, last - first)
    FROM stretch CROSS JOIN generate_series(first / 3600, (last - 1) / 3600) AS b
    WHERE first / 3600 <> (last - 1) / 3600
) c
LEFT JOIN dataaccounts_dataaccount o ON o.username = c.username
LEFT JOIN (
    SELECT l.username, l.account_id, b.sector_id FROM dataaccounts_usagename l
    JOIN dataaccounts_dataaccount b ON b.id = l.account_id
) l ON l.username = c.username
CROSS JOIN LATERAL (SELECT coalesce(l.account_id, o.id) AS id,
    CASE WHEN l.account_id IS NULL THEN o.sector_id ELSE l.sector_id END AS sector_id) a
LEFT JOIN dataaccounts_nas n ON n.address = c.nas_address;
ANALYZE usage_piece (account_id, nas_address, hour, day);
"""

DAYS = f"""
INSERT INTO dataaccounts_usageday AS u
SELECT account_id, day, {SUMS} FROM usage_piece
WHERE account_id IS NOT NULL GROUP BY account_id, day ORDER BY account_id, day
ON CONFLICT (account_id, day) DO UPDATE
SET download = least(u.download + excluded.download, {MOST}), upload = least(u.upload + excluded.upload, {MOST})
"""

HOURS = f"""
INSERT INTO dataaccounts_usagehour AS u
SELECT account_id, hour, {SUMS} FROM usage_piece
WHERE account_id IS NOT NULL AND hour >= %(oldest)s GROUP BY account_id, hour ORDER BY account_id, hour
ON CONFLICT (account_id, hour) DO UPDATE
SET download = least(u.download + excluded.download, {MOST}), upload = least(u.upload + excluded.upload, {MOST})
"""

LOAD = f"""
INSERT INTO dataaccounts_loadhour AS u
SELECT nas_address, sector_id, hour, {SUMS} FROM usage_piece
WHERE hour >= %(oldest)s GROUP BY nas_address, sector_id, hour
ON CONFLICT (nas_address, sector_id, hour) DO UPDATE
SET download = least(u.download + excluded.download, {MOST}), upload = least(u.upload + excluded.upload, {MOST})
"""

UNKNOWN = f"""
INSERT INTO dataaccounts_unknownusage AS u
SELECT username, nas_address, day, {SUMS} FROM usage_piece
WHERE account_id IS NULL GROUP BY username, nas_address, day
ON CONFLICT (username, nas_address, day) DO UPDATE
SET download = least(u.download + excluded.download, {MOST}), upload = least(u.upload + excluded.upload, {MOST})
"""

# What a name used before it was an account's.
ATTRIBUTE = f"""
WITH owner AS (
    SELECT u.username, coalesce(l.account_id, a.id) AS account_id
    FROM (SELECT DISTINCT username FROM dataaccounts_unknownusage) u
    LEFT JOIN dataaccounts_usagename l ON l.username = u.username
    LEFT JOIN dataaccounts_dataaccount a ON a.username = u.username
), gone AS (
    DELETE FROM dataaccounts_unknownusage u USING owner o WHERE o.username = u.username AND o.account_id IS NOT NULL
    RETURNING o.account_id, u.day, u.download, u.upload
), added AS (
    INSERT INTO dataaccounts_usageday AS d
    SELECT account_id, day, {SUMS} FROM gone GROUP BY account_id, day
    ON CONFLICT (account_id, day) DO UPDATE
    SET download = least(d.download + excluded.download, {MOST}), upload = least(d.upload + excluded.upload, {MOST})
)
SELECT DISTINCT account_id FROM gone
"""

# Whoever writes to the journal holds this lock until it has committed.
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation = 'dataaccounts_journal'::regclass
"""
