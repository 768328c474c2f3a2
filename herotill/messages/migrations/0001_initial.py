"""The outbox, by quarter: its table, its keys, and how quarters come and go."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

TABLE = """
CREATE SEQUENCE outbox_message_id_seq;
CREATE TABLE outbox_message (
    id bigint NOT NULL DEFAULT nextval('outbox_message_id_seq'),
    queued_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    template varchar(60) COLLATE "C" NOT NULL,
    channel varchar(5) NOT NULL CONSTRAINT message_channel_known CHECK (channel IN ('email', 'sms')),
    purpose varchar(20) NOT NULL DEFAULT '',
    customer_id bigint,
    address varchar(254) COLLATE "C" NOT NULL DEFAULT '',
    subject_kind varchar(40) COLLATE "C" NOT NULL DEFAULT '',
    subject_id bigint,
    context jsonb NOT NULL DEFAULT '{}',
    attachments varchar(40)[] NOT NULL DEFAULT '{}',
    key varchar(120) COLLATE "C" NOT NULL DEFAULT '',
    queued_by bigint,
    rank smallint NOT NULL DEFAULT 50,
    state varchar(10) NOT NULL DEFAULT 'waiting' CONSTRAINT message_state_known CHECK (state IN ('waiting', 'held',
        'sending', 'sent', 'delivered', 'failed', 'unknown', 'cancelled', 'suppressed')),
    attempts smallint NOT NULL DEFAULT 0,
    next_try_at timestamptz DEFAULT statement_timestamp(),
    started_at timestamptz,
    sent_at timestamptz,
    delivered_at timestamptz,
    error varchar(300) NOT NULL DEFAULT '',
    gateway varchar(20) COLLATE "C" NOT NULL DEFAULT '',
    gateway_id varchar(200) COLLATE "C" NOT NULL DEFAULT '',
    parts smallint,
    cost numeric(10, 4),
    version integer,
    subject varchar(300) NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    split_from bigint,
    again bigint,
    PRIMARY KEY (queued_at, id),
    CONSTRAINT waiting_message_has_a_time CHECK (state <> 'waiting' OR next_try_at IS NOT NULL),
    CONSTRAINT sent_message_has_a_time CHECK (state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL),
    CONSTRAINT message_has_somebody_to_go_to CHECK (address <> '' OR customer_id IS NOT NULL)
) PARTITION BY RANGE (queued_at);
ALTER SEQUENCE outbox_message_id_seq OWNED BY outbox_message.id;
CREATE INDEX outbox_by_id ON outbox_message (id);
CREATE INDEX outbox_due ON outbox_message (channel, rank, next_try_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_in_trouble ON outbox_message (state, queued_at DESC, id DESC)
    WHERE state IN ('held', 'sending', 'failed', 'unknown');
CREATE INDEX outbox_of_a_customer ON outbox_message (customer_id, queued_at DESC, id DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX outbox_about ON outbox_message (subject_kind, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX outbox_gateway_id ON outbox_message (gateway_id) WHERE gateway_id <> '';
CREATE INDEX outbox_begun ON outbox_message (channel, started_at) WHERE started_at IS NOT NULL;
CREATE TABLE outbox_message_default PARTITION OF outbox_message DEFAULT;
"""

# A unique index of a partitioned table would hold within a quarter only, so keys have a table of their own.
KEYS = """
CREATE TABLE outbox_key (
    key varchar(120) COLLATE "C" CONSTRAINT message_key_once PRIMARY KEY,
    queued_at timestamptz NOT NULL
);
CREATE FUNCTION outbox_keep_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_key SELECT key, queued_at FROM added WHERE key <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_keep_keys AFTER INSERT ON outbox_message
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION outbox_keep_keys();
"""

QUARTERS = """
CREATE FUNCTION outbox_quarter(moment timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('quarter', moment AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
$$;

-- Makes the partitions of the quarter of `moment` and of as many after it as `ahead`; says how many were new.
CREATE FUNCTION outbox_prepare(moment timestamptz, ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    made integer := 0;
    first timestamptz;
    after timestamptz;
    part text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('outbox_prepare'));
    FOR n IN 0..ahead LOOP
        first := outbox_quarter(moment) + make_interval(months => 3 * n);
        after := first + interval '3 months';
        part := 'outbox_message_' || to_char(first AT TIME ZONE 'UTC', 'YYYY"q"Q');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE outbox_message INCLUDING ALL)', part);
        EXECUTE format('WITH moved AS (DELETE FROM outbox_message_default WHERE queued_at >= %L AND queued_at < %L
            RETURNING *) INSERT INTO %I SELECT * FROM moved', first, after, part);
        EXECUTE format('ALTER TABLE outbox_message ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            part, first, after);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- Drops every quarter that ended by `bound`, with its keys. Says how many messages went.
CREATE FUNCTION outbox_forget(bound timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    part regclass;
    here bigint;
    gone bigint := 0;
BEGIN
    FOR part IN
        SELECT inhrelid::regclass FROM pg_inherits
        WHERE inhparent = 'outbox_message'::regclass AND inhrelid <> 'outbox_message_default'::regclass
          AND right(inhrelid::regclass::text, 6) < to_char(bound AT TIME ZONE 'UTC', 'YYYY"q"Q')
    LOOP
        EXECUTE format('SELECT count(*) FROM %s', part) INTO here;
        EXECUTE format('DROP TABLE %s', part);
        gone := gone + here;
    END LOOP;
    DELETE FROM outbox_message_default WHERE queued_at < outbox_quarter(bound);
    GET DIAGNOSTICS here = ROW_COUNT;
    DELETE FROM outbox_key WHERE queued_at < outbox_quarter(bound);
    RETURN gone + here;
END $$;

SELECT outbox_prepare(now(), 3);
"""

UNDO = """
DROP TABLE outbox_message, outbox_key;
DROP FUNCTION outbox_keep_keys, outbox_quarter, outbox_prepare, outbox_forget CASCADE;
"""

MESSAGE = migrations.CreateModel(
    name="Message",
    fields=[
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("queued_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
        ("template", models.CharField(db_collation="C", max_length=60)),
        ("channel", models.CharField(choices=[("email", "Email"), ("sms", "SMS")], max_length=5)),
        ("purpose", models.CharField(db_default="", default="", max_length=20)),
        ("customer_id", models.BigIntegerField(null=True)),
        ("address", models.CharField(db_collation="C", db_default="", default="", max_length=254)),
        (
            "subject_kind",
            models.CharField(db_collation="C", db_default="", default="", max_length=40),
        ),
        ("subject_id", models.BigIntegerField(null=True)),
        ("context", models.JSONField(db_default={}, default=dict)),
        (
            "attachments",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), db_default=[], default=list, size=None
            ),
        ),
        ("key", models.CharField(db_collation="C", db_default="", default="", max_length=120)),
        (
            "queued_by",
            models.BigIntegerField(help_text="The person who had it sent, if one did.", null=True),
        ),
        (
            "rank",
            models.PositiveSmallIntegerField(db_default=50, default=50, help_text="Low ones go first."),
        ),
        (
            "state",
            models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("held", "Held back"),
                    ("sending", "Being sent"),
                    ("sent", "Sent"),
                    ("delivered", "Delivered"),
                    ("failed", "Failed"),
                    ("unknown", "Unknown"),
                    ("cancelled", "Cancelled"),
                    ("suppressed", "Not wanted"),
                ],
                db_default="waiting",
                default="waiting",
                max_length=10,
            ),
        ),
        ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
        (
            "next_try_at",
            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), null=True),
        ),
        (
            "started_at",
            models.DateTimeField(help_text="When it was last given to the gateway.", null=True),
        ),
        ("sent_at", models.DateTimeField(null=True)),
        ("delivered_at", models.DateTimeField(null=True)),
        ("error", models.CharField(db_default="", default="", max_length=300)),
        ("gateway", models.CharField(db_collation="C", db_default="", default="", max_length=20)),
        ("gateway_id", models.CharField(db_collation="C", db_default="", default="", max_length=200)),
        (
            "parts",
            models.PositiveSmallIntegerField(help_text="Of an SMS, as the gateway counts them.", null=True),
        ),
        (
            "cost",
            models.DecimalField(
                decimal_places=4,
                help_text="In the gateway's unit: credits or rand.",
                max_digits=10,
                null=True,
            ),
        ),
        (
            "version",
            models.PositiveIntegerField(help_text="Of the template; empty: as it came.", null=True),
        ),
        ("subject", models.CharField(db_default="", default="", max_length=300)),
        ("body", models.TextField(db_default="", default="")),
        ("split_from", models.BigIntegerField(null=True)),
        (
            "again",
            models.BigIntegerField(help_text="The message that this one sends again.", null=True),
        ),
    ],
    options={
        "ordering": ["-queued_at", "-id"],
        "permissions": [
            ("send_again", "Can send a message again"),
            ("cancel_message", "Can cancel messages that wait"),
            ("export_messages", "Can export large lists of messages"),
        ],
        "default_permissions": ("view",),
        "indexes": [
            models.Index(fields=["id"], name="outbox_by_id"),
            models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["channel", "rank", "next_try_at", "id"],
                name="outbox_due",
            ),
            models.Index(
                condition=models.Q(("state__in", ["held", "sending", "failed", "unknown"])),
                fields=["state", "-queued_at", "-id"],
                name="outbox_in_trouble",
            ),
            models.Index(
                condition=models.Q(("customer_id__isnull", False)),
                fields=["customer_id", "-queued_at", "-id"],
                name="outbox_of_a_customer",
            ),
            models.Index(
                condition=models.Q(("subject_id__isnull", False)),
                fields=["subject_kind", "subject_id"],
                name="outbox_about",
            ),
            models.Index(
                condition=models.Q(("gateway_id", ""), _negated=True),
                fields=["gateway_id"],
                name="outbox_gateway_id",
            ),
            models.Index(
                condition=models.Q(("started_at__isnull", False)),
                fields=["channel", "started_at"],
                name="outbox_begun",
            ),
        ],
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "waiting",
                            "held",
                            "sending",
                            "sent",
                            "delivered",
                            "failed",
                            "unknown",
                            "cancelled",
                            "suppressed",
                        ],
                    )
                ),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms"])), name="message_channel_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), _negated=True),
                    ("next_try_at__isnull", False),
                    _connector="OR",
                ),
                name="waiting_message_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                    ("sent_at__isnull", False),
                    _connector="OR",
                ),
                name="sent_message_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("address", ""), _negated=True),
                    ("customer_id__isnull", False),
                    _connector="OR",
                ),
                name="message_has_somebody_to_go_to",
            ),
        ],
    },
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("house", "0001_folding")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL("\n".join((TABLE, KEYS, QUARTERS)), UNDO)], [MESSAGE]
        ),
    ]
