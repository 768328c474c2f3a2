"""Usage: the journal that radacct's trigger writes, what the importer keeps, and tables in parts by day and month."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import herotill.audit.sql
import herotill.folding
import herotill.secrets.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

PARTS = """
-- The first local day of the part that a moment falls into.
CREATE FUNCTION dataaccounts_part_of(step text, zone text, moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT date_trunc(step, moment AT TIME ZONE zone)::date
$$;

-- Makes the parts of a table from the day or month of `moment` on, as many as `ahead` after it, and takes over what
-- lay in the spare part meanwhile. Says how many were new.
CREATE FUNCTION dataaccounts_make_parts(parent text, key text, step text, zone text, moment timestamptz, ahead integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    by_day boolean := (SELECT atttypid = 'date'::regtype FROM pg_attribute
                       WHERE attrelid = parent::regclass AND attname = key);
    made integer := 0;
    first date;
    after date;
    low text;
    high text;
    part text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dataaccounts_parts'));
    FOR n IN 0..ahead LOOP
        first := dataaccounts_part_of(step, zone, moment) + (n || ' ' || step)::interval;
        after := first + ('1 ' || step)::interval;
        part := parent || '_' || to_char(first, CASE step WHEN 'day' THEN 'YYYYMMDD' ELSE 'YYYYMM' END);
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        low := CASE WHEN by_day THEN first::text ELSE (first::timestamp AT TIME ZONE zone)::text END;
        high := CASE WHEN by_day THEN after::text ELSE (after::timestamp AT TIME ZONE zone)::text END;
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
        EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *)
            INSERT INTO %I SELECT * FROM moved', parent || '_default', key, low, key, high, part);
        -- Rows of usage are added to all day long: half a page is kept for it, so that no index grows by it.
        IF step = 'day' AND key = 'hour' OR key = 'day' THEN
            EXECUTE format('ALTER TABLE %I SET (fillfactor = 50)', part);
        END IF;
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, low, high);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- Drops the parts that ended by the first day of `bound`'s part, and such rows of the spare one. Says how many parts.
CREATE FUNCTION dataaccounts_drop_parts(parent text, key text, step text, zone text, bound timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    first date := dataaccounts_part_of(step, zone, bound);
    shape text := CASE step WHEN 'day' THEN 'YYYYMMDD' ELSE 'YYYYMM' END;
    part text;
    gone integer := 0;
BEGIN
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = parent::regclass AND c.relname ~ ('^' || parent || '_[0-9]+$')
          AND substr(c.relname, length(parent) + 2) < to_char(first, shape)
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        gone := gone + 1;
    END LOOP;
    EXECUTE format('DELETE FROM %I WHERE %I < ($1::timestamp AT TIME ZONE $2)', parent || '_default', key)
        USING first, CASE WHEN key = 'day' THEN 'UTC' ELSE zone END;
    RETURN gone;
END $$;
"""

# Which session, what its counters said before and say now, and when. `noted_at` is when we learned it.
JOURNAL = """
CREATE SEQUENCE dataaccounts_journal_id_seq;
CREATE TABLE dataaccounts_journal (
    id bigint NOT NULL DEFAULT nextval('dataaccounts_journal_id_seq'),
    noted_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    source_id bigint NOT NULL DEFAULT 0,
    unique_id text COLLATE "C" NOT NULL,
    username text COLLATE "C" NOT NULL,
    nas_address inet NOT NULL,
    kind varchar(8) COLLATE "C" NOT NULL
        CONSTRAINT journal_kind_known CHECK (kind IN ('start', 'interim', 'stop', 'started', 'closed')),
    at timestamptz NOT NULL,
    seconds bigint,
    input_octets bigint NOT NULL,
    output_octets bigint NOT NULL,
    was_at timestamptz,
    was_input bigint,
    was_output bigint
) PARTITION BY RANGE (noted_at);
ALTER SEQUENCE dataaccounts_journal_id_seq OWNED BY dataaccounts_journal.id;
CREATE INDEX dataaccounts_journal_by_id ON dataaccounts_journal (id);
CREATE TABLE dataaccounts_journal_default PARTITION OF dataaccounts_journal DEFAULT;
CREATE FUNCTION dataaccounts_journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was reported is not changed.';
END $$;
CREATE TRIGGER journal_stays BEFORE UPDATE ON dataaccounts_journal
    FOR EACH STATEMENT EXECUTE FUNCTION dataaccounts_journal_stays();
"""

# A packet of a session's own tells its counters (start, interim, stop); 'started' is a start that came late, 'closed'
# an end that somebody else wrote: a router that restarted, or the healer. Neither tells counters.
TRIGGER = """
CREATE FUNCTION radacct_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    said text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        said := CASE WHEN NEW.acctstoptime IS NOT NULL THEN 'stop'
            WHEN coalesce(NEW.acctsessiontime, 0) = 0 AND coalesce(NEW.acctinputoctets, 0) = 0
                AND coalesce(NEW.acctoutputoctets, 0) = 0 THEN 'start'
            ELSE 'interim' END;
        INSERT INTO dataaccounts_journal
            (unique_id, username, nas_address, kind, at, seconds, input_octets, output_octets)
        VALUES (NEW.acctuniqueid, coalesce(NEW.username, ''), NEW.nasipaddress, said,
            coalesce(NEW.acctstoptime, NEW.acctupdatetime, NEW.acctstarttime, now()), NEW.acctsessiontime,
            coalesce(NEW.acctinputoctets, 0), coalesce(NEW.acctoutputoctets, 0));
        RETURN NULL;
    END IF;
    said := CASE
        WHEN NEW.acctinputoctets = OLD.acctinputoctets AND NEW.acctoutputoctets = OLD.acctoutputoctets
            AND NEW.acctstarttime IS DISTINCT FROM OLD.acctstarttime THEN 'started'
        WHEN NEW.acctstoptime IS NULL THEN 'interim'
        WHEN NEW.acctinputoctets = OLD.acctinputoctets AND NEW.acctoutputoctets = OLD.acctoutputoctets
            AND NEW.connectinfo_stop IS NULL THEN 'closed'
        ELSE 'stop' END;
    INSERT INTO dataaccounts_journal
        (unique_id, username, nas_address, kind, at, seconds, input_octets, output_octets, was_at, was_input, was_output)
    VALUES (NEW.acctuniqueid, coalesce(NEW.username, ''), NEW.nasipaddress, said,
        coalesce(NEW.acctstoptime, NEW.acctupdatetime, NEW.acctstarttime, now()), NEW.acctsessiontime,
        coalesce(NEW.acctinputoctets, 0), coalesce(NEW.acctoutputoctets, 0),
        coalesce(OLD.acctstoptime, OLD.acctupdatetime, OLD.acctstarttime),
        coalesce(OLD.acctinputoctets, 0), coalesce(OLD.acctoutputoctets, 0));
    RETURN NULL;
END $$;
CREATE TRIGGER radacct_note_insert AFTER INSERT ON radacct FOR EACH ROW EXECUTE FUNCTION radacct_note();
CREATE TRIGGER radacct_note_update AFTER UPDATE ON radacct FOR EACH ROW
    WHEN (NEW.acctinputoctets IS DISTINCT FROM OLD.acctinputoctets
       OR NEW.acctoutputoctets IS DISTINCT FROM OLD.acctoutputoctets
       OR NEW.acctupdatetime IS DISTINCT FROM OLD.acctupdatetime
       OR NEW.acctstoptime IS DISTINCT FROM OLD.acctstoptime
       OR NEW.acctstarttime IS DISTINCT FROM OLD.acctstarttime)
    EXECUTE FUNCTION radacct_note();
"""

# FreeRADIUS inserts what it finds no open session for, and where one is closed that does nothing. A packet of a session
# that we closed ourselves, that a router's restart closed, or that has started anew, would be lost so: it opens the
# session again. What is older than the end opens nothing, or nobody could log in after it.
REOPEN = """
CREATE FUNCTION radacct_reopen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    was radacct;
    at timestamptz := coalesce(NEW.acctstoptime, NEW.acctupdatetime, NEW.acctstarttime);
    silent boolean := coalesce(NEW.acctinputoctets, 0) = 0 AND coalesce(NEW.acctoutputoctets, 0) = 0;
BEGIN
    SELECT * INTO was FROM radacct WHERE acctuniqueid = NEW.acctuniqueid AND acctstoptime IS NOT NULL FOR UPDATE;
    IF NOT FOUND OR at <= was.acctstoptime
        OR (silent AND NEW.acctstoptime IS NULL AND coalesce(NEW.acctsessiontime, 0) = 0)
        OR NOT (coalesce(was.acctterminatecause, '') IN ('Stale-Session', 'NAS-Reboot')
            OR was.acctstarttime > was.acctstoptime)
        OR (NEW.acctsessiontime < was.acctsessiontime
            AND at - make_interval(secs => NEW.acctsessiontime) < was.acctstoptime)
    THEN
        RETURN NEW;
    END IF;
    UPDATE radacct SET
        acctupdatetime = at, acctstoptime = NEW.acctstoptime, acctterminatecause = NEW.acctterminatecause,
        acctsessiontime = coalesce(NEW.acctsessiontime, acctsessiontime),
        acctinputoctets = CASE WHEN silent THEN acctinputoctets ELSE NEW.acctinputoctets END,
        acctoutputoctets = CASE WHEN silent THEN acctoutputoctets ELSE NEW.acctoutputoctets END,
        connectinfo_stop = CASE WHEN NEW.acctstoptime IS NULL THEN NULL ELSE coalesce(NEW.connectinfo_stop, '') END,
        framedipaddress = coalesce(NEW.framedipaddress, framedipaddress)
    WHERE radacctid = was.radacctid;
    RETURN NULL;
END $$;
CREATE TRIGGER radacct_reopen BEFORE INSERT ON radacct FOR EACH ROW EXECUTE FUNCTION radacct_reopen();
"""

USAGE = """
CREATE TABLE dataaccounts_usageday (
    account_id bigint NOT NULL,
    day date NOT NULL,
    download bigint NOT NULL,
    upload bigint NOT NULL,
    PRIMARY KEY (account_id, day)
) PARTITION BY RANGE (day);
CREATE TABLE dataaccounts_usageday_default PARTITION OF dataaccounts_usageday DEFAULT;
CREATE TABLE dataaccounts_usagehour (
    account_id bigint NOT NULL,
    hour timestamptz NOT NULL,
    download bigint NOT NULL,
    upload bigint NOT NULL,
    PRIMARY KEY (account_id, hour)
) PARTITION BY RANGE (hour);
CREATE TABLE dataaccounts_usagehour_default PARTITION OF dataaccounts_usagehour DEFAULT;
CREATE TABLE dataaccounts_loadhour (
    nas_address inet NOT NULL,
    sector_id bigint NOT NULL,
    hour timestamptz NOT NULL,
    download bigint NOT NULL,
    upload bigint NOT NULL,
    PRIMARY KEY (nas_address, sector_id, hour)
) PARTITION BY RANGE (hour);
CREATE TABLE dataaccounts_loadhour_default PARTITION OF dataaccounts_loadhour DEFAULT;

-- What user names used that no account has; it goes to the account that gets the name.
CREATE TABLE dataaccounts_unknownusage (
    username text COLLATE "C" NOT NULL,
    nas_address inet NOT NULL,
    day date NOT NULL,
    download bigint NOT NULL,
    upload bigint NOT NULL,
    PRIMARY KEY (username, nas_address, day)
);

-- The last counters of every session, and those before them: the last stretch, that a late packet may divide.
CREATE TABLE dataaccounts_counter (
    unique_id text COLLATE "C" PRIMARY KEY,
    at bigint NOT NULL,
    seconds bigint,
    input_octets bigint NOT NULL,
    output_octets bigint NOT NULL,
    was_at bigint NOT NULL,
    was_input bigint NOT NULL,
    was_output bigint NOT NULL,
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- What was odd about a session when its packets were counted.
CREATE TABLE dataaccounts_trouble (
    unique_id text COLLATE "C" NOT NULL,
    kind varchar(8) COLLATE "C" NOT NULL CONSTRAINT trouble_kind_known CHECK (kind IN ('reset', 'clock')),
    times integer NOT NULL,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (unique_id, kind)
);
CREATE INDEX dataaccounts_trouble_newest ON dataaccounts_trouble (noted_at);

-- How far the journal is counted. Whoever counts holds this row.
CREATE TABLE dataaccounts_importcursor (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT one_cursor CHECK (one),
    journal_id bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO dataaccounts_importcursor DEFAULT VALUES;

-- What of `octets`, used evenly over `whole` seconds, was used after `passed` of them: rounded so that the parts of
-- any division add up, and without leaving 64 bits.
CREATE FUNCTION dataaccounts_share(octets bigint, passed bigint, whole bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT octets / whole * passed + octets % whole * passed / whole
$$;
"""

ARCHIVE = """
CREATE TABLE radacct_archive (LIKE radacct) PARTITION BY RANGE (acctstoptime);
ALTER TABLE radacct_archive ALTER acctstoptime SET NOT NULL;
CREATE INDEX radacct_archive_of_user ON radacct_archive (username, acctstarttime DESC);
CREATE INDEX radacct_archive_by_key ON radacct_archive (acctuniqueid);
CREATE INDEX radacct_archive_at_nas ON radacct_archive (nasipaddress, acctstarttime);
CREATE INDEX radacct_archive_by_id ON radacct_archive (radacctid);
CREATE TABLE radacct_archive_default PARTITION OF radacct_archive DEFAULT;
CREATE VIEW radacct_all AS SELECT * FROM radacct UNION ALL SELECT * FROM radacct_archive;
"""

ROOM = f"""
SELECT dataaccounts_make_parts('dataaccounts_journal', 'noted_at', 'day', '{settings.TIME_ZONE}', now(), 7),
    dataaccounts_make_parts('dataaccounts_usageday', 'day', 'month', '{settings.TIME_ZONE}',
        now() - interval '12 months', 15),
    dataaccounts_make_parts('dataaccounts_usagehour', 'hour', 'day', '{settings.TIME_ZONE}',
        now() - interval '2 days', 9),
    dataaccounts_make_parts('dataaccounts_loadhour', 'hour', 'day', '{settings.TIME_ZONE}',
        now() - interval '2 days', 9),
    dataaccounts_make_parts('radacct_archive', 'acctstoptime', 'month', '{settings.TIME_ZONE}',
        now() - interval '2 months', 5);
"""

UNDO = """
DROP TRIGGER radacct_note_insert ON radacct;
DROP TRIGGER radacct_note_update ON radacct;
DROP TRIGGER radacct_reopen ON radacct;
DROP VIEW radacct_all;
DROP TABLE radacct_archive, dataaccounts_journal, dataaccounts_usageday, dataaccounts_usagehour, dataaccounts_loadhour,
    dataaccounts_unknownusage, dataaccounts_counter, dataaccounts_trouble, dataaccounts_importcursor;
DROP FUNCTION radacct_note, radacct_reopen, dataaccounts_journal_stays, dataaccounts_share, dataaccounts_make_parts,
    dataaccounts_drop_parts, dataaccounts_part_of;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_doubts"), ("dataaccounts", "0003_radius")]

    operations = [
        migrations.RunSQL(PARTS + JOURNAL + TRIGGER + REOPEN + USAGE + ARCHIVE + ROOM, UNDO),
        migrations.AddField(
            model_name="networkrules",
            name="counters_kept_days",
            field=models.PositiveSmallIntegerField(
                db_default=90,
                default=90,
                help_text="So long a report that comes late is told from a new session.",
                validators=[django.core.validators.MinValueValidator(2)],
                verbose_name="days counters of ended sessions are kept",
            ),
        ),
        migrations.CreateModel(
            name="AnySession",
            fields=[
                ("id", models.BigAutoField(db_column="radacctid", primary_key=True, serialize=False)),
                ("session_id", models.TextField(db_column="acctsessionid")),
                ("unique_id", models.TextField(db_collation="C", db_column="acctuniqueid")),
                ("username", models.TextField(db_collation="C", null=True)),
                ("realm", models.TextField(null=True)),
                ("nas_address", models.GenericIPAddressField(db_column="nasipaddress")),
                ("nas_port_id", models.TextField(db_column="nasportid", null=True)),
                ("nas_port_type", models.TextField(db_column="nasporttype", null=True)),
                ("started_at", models.DateTimeField(db_column="acctstarttime", null=True)),
                ("updated_at", models.DateTimeField(db_column="acctupdatetime", null=True)),
                ("stopped_at", models.DateTimeField(db_column="acctstoptime", null=True)),
                ("interval", models.BigIntegerField(db_column="acctinterval", null=True)),
                ("seconds", models.BigIntegerField(db_column="acctsessiontime", null=True)),
                ("authentic", models.TextField(db_column="acctauthentic", null=True)),
                ("connect_info_start", models.TextField(db_column="connectinfo_start", null=True)),
                ("connect_info_stop", models.TextField(db_column="connectinfo_stop", null=True)),
                ("input_octets", models.BigIntegerField(db_column="acctinputoctets", null=True)),
                ("output_octets", models.BigIntegerField(db_column="acctoutputoctets", null=True)),
                ("called_station", models.TextField(db_column="calledstationid", null=True)),
                ("calling_station", models.TextField(db_column="callingstationid", null=True)),
                ("terminate_cause", models.TextField(db_column="acctterminatecause", null=True)),
                ("service_type", models.TextField(db_column="servicetype", null=True)),
                ("framed_protocol", models.TextField(db_column="framedprotocol", null=True)),
                ("ip_address", models.GenericIPAddressField(db_column="framedipaddress", null=True)),
                ("ipv6_address", models.GenericIPAddressField(db_column="framedipv6address", null=True)),
                ("ipv6_prefix", models.GenericIPAddressField(db_column="framedipv6prefix", null=True)),
                ("interface_id", models.TextField(db_column="framedinterfaceid", null=True)),
                (
                    "delegated_prefix",
                    models.GenericIPAddressField(db_column="delegatedipv6prefix", null=True),
                ),
                ("class_attribute", models.TextField(db_column="class", null=True)),
            ],
            options={
                "db_table": "radacct_all",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ArchivedSession",
            fields=[
                ("id", models.BigAutoField(db_column="radacctid", primary_key=True, serialize=False)),
                ("session_id", models.TextField(db_column="acctsessionid")),
                ("unique_id", models.TextField(db_collation="C", db_column="acctuniqueid")),
                ("username", models.TextField(db_collation="C", null=True)),
                ("realm", models.TextField(null=True)),
                ("nas_address", models.GenericIPAddressField(db_column="nasipaddress")),
                ("nas_port_id", models.TextField(db_column="nasportid", null=True)),
                ("nas_port_type", models.TextField(db_column="nasporttype", null=True)),
                ("started_at", models.DateTimeField(db_column="acctstarttime", null=True)),
                ("updated_at", models.DateTimeField(db_column="acctupdatetime", null=True)),
                ("stopped_at", models.DateTimeField(db_column="acctstoptime", null=True)),
                ("interval", models.BigIntegerField(db_column="acctinterval", null=True)),
                ("seconds", models.BigIntegerField(db_column="acctsessiontime", null=True)),
                ("authentic", models.TextField(db_column="acctauthentic", null=True)),
                ("connect_info_start", models.TextField(db_column="connectinfo_start", null=True)),
                ("connect_info_stop", models.TextField(db_column="connectinfo_stop", null=True)),
                ("input_octets", models.BigIntegerField(db_column="acctinputoctets", null=True)),
                ("output_octets", models.BigIntegerField(db_column="acctoutputoctets", null=True)),
                ("called_station", models.TextField(db_column="calledstationid", null=True)),
                ("calling_station", models.TextField(db_column="callingstationid", null=True)),
                ("terminate_cause", models.TextField(db_column="acctterminatecause", null=True)),
                ("service_type", models.TextField(db_column="servicetype", null=True)),
                ("framed_protocol", models.TextField(db_column="framedprotocol", null=True)),
                ("ip_address", models.GenericIPAddressField(db_column="framedipaddress", null=True)),
                ("ipv6_address", models.GenericIPAddressField(db_column="framedipv6address", null=True)),
                ("ipv6_prefix", models.GenericIPAddressField(db_column="framedipv6prefix", null=True)),
                ("interface_id", models.TextField(db_column="framedinterfaceid", null=True)),
                (
                    "delegated_prefix",
                    models.GenericIPAddressField(db_column="delegatedipv6prefix", null=True),
                ),
                ("class_attribute", models.TextField(db_column="class", null=True)),
            ],
            options={
                "db_table": "radacct_archive",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="UsageName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "username",
                    models.CharField(db_collation="C", max_length=253, verbose_name="reported user name"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UsageSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key("name"),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("postgresql", "FreeRADIUS's PostgreSQL database"),
                            ("mysql", "FreeRADIUS's MySQL or MariaDB database"),
                            ("detail", "Accounting detail files"),
                        ],
                        default="postgresql",
                        max_length=10,
                    ),
                ),
                (
                    "url_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "url",
                    herotill.secrets.fields.EncryptedField(
                        help_text="postgresql://reader:password@radius.example:5432/radius, of a user who may only read.",
                        last_four="url_last_four",
                        permission="dataaccounts.change_usagesource",
                        verbose_name="address of the database",
                    ),
                ),
                (
                    "host",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=253),
                ),
                (
                    "files",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Which files of the folder for detail files are read, as detail-*.",
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9_*?][A-Za-z0-9._*?-]*\\Z",
                                "The name of a file, * and ? stand for any letters.",
                            )
                        ],
                    ),
                ),
                (
                    "interval",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="Usage from here is exact to this: what was used between two readings is spread over them.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes between readings",
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer read."),
                ),
                (
                    "since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("cursor", models.JSONField(default=dict, editable=False)),
                ("read_at", models.DateTimeField(editable=False, null=True)),
                (
                    "said",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=300),
                ),
                ("failed", models.BooleanField(db_default=False, default=False, editable=False)),
            ],
            options={
                "verbose_name": "source of usage",
                "verbose_name_plural": "sources of usage",
                "ordering": ["name_key"],
            },
        ),
        migrations.AddField(
            model_name="usagename",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="usage_names",
                to="dataaccounts.dataaccount",
            ),
        ),
        migrations.AddConstraint(
            model_name="usagesource",
            constraint=models.UniqueConstraint(fields=("name_key",), name="usage_source_name_once"),
        ),
        migrations.AddConstraint(
            model_name="usagesource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("host", ""), ("kind", "detail"), models.Q(("files", ""), _negated=True)),
                    models.Q(
                        models.Q(("kind", "detail"), _negated=True), models.Q(("host", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="usage_source_says_where",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usagesource",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("url", "url", "encrypted", "url_last_four"),
                        ("files", "files", "text"),
                        ("interval", "interval", "plain"),
                        ("retired", "retired", "flag"),
                        ("since", "since", "plain"),
                    ],
                    hash="1306e2daa5882c92487e88e6842fdaf0eeb5cf95",
                    model="dataaccounts.usagesource",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_f2bda",
                    table="dataaccounts_usagesource",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usagesource",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("url", "url", "encrypted", "url_last_four"),
                        ("files", "files", "text"),
                        ("interval", "interval", "plain"),
                        ("retired", "retired", "flag"),
                        ("since", "since", "plain"),
                    ],
                    hash="02d86dd795ee84bf6993068842a5c7262ec4cb11",
                    model="dataaccounts.usagesource",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_ec5aa",
                    table="dataaccounts_usagesource",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usagesource",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("url", "url", "encrypted", "url_last_four"),
                        ("files", "files", "text"),
                        ("interval", "interval", "plain"),
                        ("retired", "retired", "flag"),
                        ("since", "since", "plain"),
                    ],
                    hash="19b734fdef8c0b255c50f1f34f484d3a54e9ea6b",
                    model="dataaccounts.usagesource",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_f074f",
                    table="dataaccounts_usagesource",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="usagename",
            constraint=models.UniqueConstraint(fields=("username",), name="usage_name_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usagename",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("username", "username", "text"), ("account", "account_id", "plain")],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_dataaccount" upper_1 WHERE upper_1."id" = {row}."account_id")',
                    hash="73b72ab2f1d6483a5a86157162d197675eed681a",
                    model="dataaccounts.usagename",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_6d289",
                    table="dataaccounts_usagename",
                    words=["username"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usagename",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("username", "username", "text"), ("account", "account_id", "plain")],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_dataaccount" upper_1 WHERE upper_1."id" = {row}."account_id")',
                    hash="757e7feb32b5fa5adf45c3cd26ae80791dc1c5c6",
                    model="dataaccounts.usagename",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_433cc",
                    table="dataaccounts_usagename",
                    words=["username"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usagename",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("username", "username", "text"), ("account", "account_id", "plain")],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_dataaccount" upper_1 WHERE upper_1."id" = {row}."account_id")',
                    hash="c878362e6d1addff2271b0d544957e5c6e4e0064",
                    model="dataaccounts.usagename",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_f00a9",
                    table="dataaccounts_usagename",
                    words=["username"],
                ),
            ),
        ),
    ]
