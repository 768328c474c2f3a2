"""The audit's table, by quarter; what stamps its rows; and what keeps them as they are."""

import django.db.models.functions.datetime
from django.db import migrations, models

import pgtrigger.compiler
import pgtrigger.migrations

import herotill.audit.sql
import herotill.models.audit

TABLE = """
CREATE SEQUENCE house_auditevent_id_seq;
CREATE TABLE house_auditevent (
    id bigint NOT NULL DEFAULT nextval('house_auditevent_id_seq'),
    at timestamptz NOT NULL,
    operation varchar(6) NOT NULL CONSTRAINT audit_operation_known CHECK (operation IN ('add', 'change', 'remove')),
    model varchar(100) COLLATE "C" NOT NULL,
    object_id varchar(64) COLLATE "C" NOT NULL,
    customer_id bigint,
    name varchar(200) NOT NULL,
    old jsonb NOT NULL,
    new jsonb NOT NULL,
    actor_id bigint,
    act uuid,
    source varchar(300) NOT NULL,
    ip inet,
    run_id bigint,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
ALTER SEQUENCE house_auditevent_id_seq OWNED BY house_auditevent.id;
CREATE INDEX audit_of_a_customer ON house_auditevent (customer_id, at DESC, id DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX audit_of_an_actor ON house_auditevent (actor_id, at DESC, id DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_of_a_model ON house_auditevent (model, at DESC, id DESC);
CREATE TABLE house_auditevent_default PARTITION OF house_auditevent DEFAULT;
"""

# A custom setting that was once set in a session is the empty string afterwards, not absent.
STAMP = """
CREATE FUNCTION house_audit_stamp(OUT actor_id bigint, OUT act uuid, OUT source text, OUT ip inet, OUT run_id bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE told jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
BEGIN
    IF told IS NULL THEN
        source := left('database: ' || session_user || concat(' via ', nullif(current_setting('application_name'), '')), 300);
        ip := inet_client_addr();
        RETURN;
    END IF;
    actor_id := (told ->> 'user')::bigint;
    act := nullif(current_setting('pghistory.context_id', true), '')::uuid;
    source := left(coalesce(told ->> 'source', ''), 300);
    ip := (told ->> 'ip')::inet;
    run_id := (told ->> 'run')::bigint;
END $$;
"""

APPEND_ONLY = """
CREATE FUNCTION house_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('house.audit_retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit is only ever added to.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_kept';
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON house_auditevent
    FOR EACH ROW EXECUTE FUNCTION house_audit_is_kept();
CREATE TRIGGER audit_is_kept_whole BEFORE TRUNCATE ON house_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION house_audit_is_kept();
"""

QUARTERS = """
CREATE FUNCTION house_audit_quarter(moment timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('quarter', moment AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
$$;

-- Makes the partitions of the quarter of `moment` and of as many after it as `ahead`; says how many were new.
CREATE FUNCTION house_audit_prepare(moment timestamptz, ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    made integer := 0;
    first timestamptz;
    after timestamptz;
    part text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('house_audit_prepare'));
    FOR n IN 0..ahead LOOP
        first := house_audit_quarter(moment) + make_interval(months => 3 * n);
        after := first + interval '3 months';
        part := 'house_auditevent_' || to_char(first AT TIME ZONE 'UTC', 'YYYY"q"Q');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE house_auditevent INCLUDING ALL)', part);
        PERFORM set_config('house.audit_retention', 'on', true);
        EXECUTE format('WITH moved AS (DELETE FROM house_auditevent_default WHERE at >= %L AND at < %L RETURNING *)
            INSERT INTO %I SELECT * FROM moved', first, after, part);
        PERFORM set_config('house.audit_retention', '', true);
        EXECUTE format('ALTER TABLE house_auditevent ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, first, after);
        EXECUTE format('CREATE TRIGGER audit_is_kept_whole BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION house_audit_is_kept()', part);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- Drops every quarter that ended by `bound`; the only way in which events go. Says how many went.
CREATE FUNCTION house_audit_forget(bound timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    part regclass;
    here bigint;
    gone bigint := 0;
BEGIN
    FOR part IN
        SELECT inhrelid::regclass FROM pg_inherits
        WHERE inhparent = 'house_auditevent'::regclass AND inhrelid <> 'house_auditevent_default'::regclass
          AND right(inhrelid::regclass::text, 6) < to_char(bound AT TIME ZONE 'UTC', 'YYYY"q"Q')
    LOOP
        EXECUTE format('SELECT count(*) FROM %s', part) INTO here;
        EXECUTE format('DROP TABLE %s', part);
        gone := gone + here;
    END LOOP;
    PERFORM set_config('house.audit_retention', 'on', true);
    DELETE FROM house_auditevent_default WHERE at < house_audit_quarter(bound);
    GET DIAGNOSTICS here = ROW_COUNT;
    PERFORM set_config('house.audit_retention', '', true);
    RETURN gone + here;
END $$;

SELECT house_audit_prepare(now(), 3);
"""

SECRETS_SHOWN = """
CREATE TRIGGER secret_reveal_is_kept BEFORE UPDATE OR DELETE ON house_secretreveal
    FOR EACH ROW EXECUTE FUNCTION house_audit_is_kept();
"""

UNDO = """
DROP TABLE house_auditevent;
DROP FUNCTION house_audit_stamp, house_audit_is_kept, house_audit_quarter, house_audit_prepare, house_audit_forget CASCADE;
"""

EVENT = migrations.CreateModel(
    name="AuditEvent",
    fields=[
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("at", models.DateTimeField()),
        (
            "operation",
            models.CharField(
                choices=[("add", "Added"), ("change", "Changed"), ("remove", "Removed")], max_length=6
            ),
        ),
        ("model", models.CharField(db_collation="C", max_length=100)),
        ("object_id", models.CharField(db_collation="C", max_length=64)),
        ("customer_id", models.BigIntegerField(null=True)),
        ("name", models.CharField(max_length=200)),
        ("old", models.JSONField(decoder=herotill.models.audit.Exact)),
        ("new", models.JSONField(decoder=herotill.models.audit.Exact)),
        ("actor_id", models.BigIntegerField(null=True)),
        ("act", models.UUIDField(help_text="Shared by all that one request, job or command did.", null=True)),
        ("source", models.CharField(max_length=300)),
        ("ip", models.GenericIPAddressField(null=True)),
        ("run_id", models.BigIntegerField(null=True)),
    ],
    options={
        "permissions": [
            ("see_audit", "Can see the audit trail of everything"),
            ("export_audit", "Can export large parts of the audit trail"),
        ],
        "default_permissions": (),
        "indexes": [
            models.Index(
                condition=models.Q(("customer_id__isnull", False)),
                fields=["customer_id", "-at", "-id"],
                name="audit_of_a_customer",
            ),
            models.Index(
                condition=models.Q(("actor_id__isnull", False)),
                fields=["actor_id", "-at", "-id"],
                name="audit_of_an_actor",
            ),
            models.Index(fields=["model", "-at", "-id"], name="audit_of_a_model"),
        ],
    },
)

SECRET_REVEAL = migrations.CreateModel(
    name="SecretReveal",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
        ("model", models.CharField(max_length=100)),
        ("object_id", models.CharField(max_length=64)),
        ("customer_id", models.BigIntegerField(null=True)),
        ("name", models.CharField(max_length=200, verbose_name="of")),
        ("field", models.CharField(max_length=100, verbose_name="what")),
        ("actor_id", models.BigIntegerField(null=True)),
        ("reason", models.CharField(max_length=300)),
        ("source", models.CharField(max_length=300)),
        ("ip", models.GenericIPAddressField(null=True)),
    ],
    options={
        "default_permissions": (),
        "indexes": [models.Index(fields=["actor_id", "-at"], name="secrets_an_actor_saw")],
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_secret_is_shown_for_a_reason"
            )
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [("house", "0001_folding")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL("\n".join((TABLE, STAMP, APPEND_ONLY, QUARTERS)), UNDO)], [EVENT]
        ),
        SECRET_REVEAL,
        migrations.RunSQL(SECRETS_SHOWN, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="secretreveal",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer_id", "customer_id", "plain"),
                        ("field", "field", "text"),
                        ("reason", "reason", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="59b79a3b0847f29398974f55fafea01d88d0cbf0",
                    model="house.secretreveal",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_45256",
                    table="house_secretreveal",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secretreveal",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer_id", "customer_id", "plain"),
                        ("field", "field", "text"),
                        ("reason", "reason", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="52564178e37bb876b3c115885fabdd471f925f24",
                    model="house.secretreveal",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_e15db",
                    table="house_secretreveal",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secretreveal",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer_id", "customer_id", "plain"),
                        ("field", "field", "text"),
                        ("reason", "reason", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="5f50a7bb252246c09e3a9e13291b56857167b541",
                    model="house.secretreveal",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_79c28",
                    table="house_secretreveal",
                    words=["name"],
                ),
            ),
        ),
    ]
