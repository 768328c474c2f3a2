"""Voice: lines, rate decks, formats of call records, and the calls themselves."""

import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import herotill.audit.sql
import herotill.folding
import herotill.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


RULES = """
-- A number is one line's on any day. One range of numbers stands for number and days together, since an exclusion
-- over two columns of different kinds would need an extension.
ALTER TABLE dataaccounts_voiceline ADD CONSTRAINT voice_number_once_a_day EXCLUDE USING gist (
    numrange(number::numeric * 10000000 + (starts_on - date '2000-01-01'),
             number::numeric * 10000000 + (coalesce(ends_on, date '9999-12-31') - date '2000-01-01') + 1) WITH &&
);

CREATE FUNCTION dataaccounts_voice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER line_keeps_its_customer BEFORE UPDATE OF customer_id ON dataaccounts_voiceline FOR EACH ROW
    WHEN (OLD.customer_id <> NEW.customer_id)
    EXECUTE FUNCTION dataaccounts_voice_stays('A voice line stays with its customer.');
CREATE TRIGGER deck_keeps_its_side BEFORE UPDATE OF side ON dataaccounts_deck FOR EACH ROW
    WHEN (OLD.side <> NEW.side)
    EXECUTE FUNCTION dataaccounts_voice_stays('A rate deck stays on its side.');
CREATE TRIGGER deck_rows_stay BEFORE UPDATE ON dataaccounts_deckrow FOR EACH STATEMENT
    EXECUTE FUNCTION dataaccounts_voice_stays('Rows of a deck do not change; make a new version.');
CREATE TRIGGER call_files_stay BEFORE DELETE ON dataaccounts_callfile FOR EACH ROW
    EXECUTE FUNCTION dataaccounts_voice_stays('A file of calls stays; it is taken back.');
CREATE TRIGGER charged_calls_stay BEFORE DELETE ON dataaccounts_call FOR EACH ROW
    WHEN (OLD.charge_id IS NOT NULL)
    EXECUTE FUNCTION dataaccounts_voice_stays('A call that is charged stays.');
CREATE TRIGGER charged_calls_keep_their_price
    BEFORE UPDATE OF line_id, start, day, seconds, charged, bundled, cost, price ON dataaccounts_call FOR EACH ROW
    WHEN (OLD.charge_id IS NOT NULL)
    EXECUTE FUNCTION dataaccounts_voice_stays('A call that is charged keeps its price.');

CREATE FUNCTION dataaccounts_deck_of_side() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    deck bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF deck IS NOT NULL AND (SELECT side FROM dataaccounts_deck WHERE id = deck) <> TG_ARGV[1] THEN
        RAISE EXCEPTION 'This deck is of the other side.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER package_sells_by_a_price_list BEFORE INSERT OR UPDATE OF deck_id ON dataaccounts_voicepackage
    FOR EACH ROW EXECUTE FUNCTION dataaccounts_deck_of_side('deck_id', 'sell');
CREATE TRIGGER source_costs_by_a_cost_deck BEFORE INSERT OR UPDATE OF cost_deck_id ON dataaccounts_voicesource
    FOR EACH ROW EXECUTE FUNCTION dataaccounts_deck_of_side('cost_deck_id', 'cost');
"""
BACK = """
DROP TRIGGER source_costs_by_a_cost_deck ON dataaccounts_voicesource;
DROP TRIGGER package_sells_by_a_price_list ON dataaccounts_voicepackage;
DROP FUNCTION dataaccounts_deck_of_side();
DROP TRIGGER charged_calls_keep_their_price ON dataaccounts_call;
DROP TRIGGER charged_calls_stay ON dataaccounts_call;
DROP TRIGGER call_files_stay ON dataaccounts_callfile;
DROP TRIGGER deck_rows_stay ON dataaccounts_deckrow;
DROP TRIGGER deck_keeps_its_side ON dataaccounts_deck;
DROP TRIGGER line_keeps_its_customer ON dataaccounts_voiceline;
DROP FUNCTION dataaccounts_voice_stays();
ALTER TABLE dataaccounts_voiceline DROP CONSTRAINT voice_number_once_a_day;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_contacts_by_address"),
        ("dataaccounts", "0018_portal"),
        ("reference", "0008_portal_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("house", "0015_outward"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("calls", models.IntegerField()),
                ("seconds", models.BigIntegerField()),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("cost", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("price", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["-month"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CallProfile",
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
                            ("asterisk_master", "Asterisk Master.csv"),
                            ("freepbx_report", "FreePBX report"),
                            ("freeswitch_example", "FreeSWITCH, template example"),
                            ("fusionpbx_export", "FusionPBX export"),
                            ("3cx_default", "3CX, fields in default order"),
                            ("mapped", "A wholesaler's CSV, by its columns"),
                        ],
                        db_collation="C",
                        max_length=20,
                    ),
                ),
                ("encoding", models.CharField(default="utf-8-sig", max_length=20)),
                ("delimiter", models.CharField(default=",", max_length=1)),
                ("has_header", models.BooleanField(default=False)),
                (
                    "skip_records",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="records before the heading or the first call",
                    ),
                ),
                (
                    "footer_first_field",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="what a closing record begins with"
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="Africa/Johannesburg", max_length=60, verbose_name="time zone of its clock"
                    ),
                ),
                (
                    "trunk_channel_regex",
                    models.CharField(blank=True, max_length=200, verbose_name="channels to the outside"),
                ),
                (
                    "strip_prefixes",
                    models.JSONField(
                        blank=True, default=list, verbose_name="put before numbers by the system"
                    ),
                ),
                ("line_match", models.JSONField(default=list, verbose_name="columns that say the line")),
                ("columns", models.JSONField(blank=True, default=dict)),
                ("date_format", models.CharField(blank=True, max_length=30)),
                ("time_format", models.CharField(blank=True, max_length=20)),
                (
                    "duration_unit",
                    models.CharField(
                        choices=[
                            ("s", "Seconds"),
                            ("hh:mm:ss", "Hours:minutes:seconds"),
                            ("mm:ss", "Minutes:seconds"),
                        ],
                        default="s",
                        max_length=8,
                    ),
                ),
                (
                    "outbound_value",
                    models.CharField(blank=True, max_length=30, verbose_name="direction of calls made"),
                ),
                ("cost_includes_vat", models.BooleanField(default=False)),
                (
                    "vat_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "dedupe",
                    models.CharField(
                        choices=[
                            ("call_id", "By its call ID"),
                            ("hash", "By account, numbers, start and seconds"),
                        ],
                        default="call_id",
                        max_length=7,
                        verbose_name="how a call is known again",
                    ),
                ),
                ("retired", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "verbose_name": "format of call records",
                "verbose_name_plural": "formats of call records",
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="DeckRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("e164", "Prefix of a number"), ("short", "Short code")],
                        db_collation="C",
                        default="e164",
                        max_length=5,
                    ),
                ),
                (
                    "prefix",
                    models.CharField(
                        db_collation="C",
                        max_length=15,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9]{1,15}\\Z", "Figures only, without +."
                            )
                        ],
                    ),
                ),
                ("destination", models.CharField(max_length=100)),
                (
                    "call_class",
                    models.CharField(
                        db_collation="C",
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]*\\Z", "Small letters, figures, _ and - only."
                            )
                        ],
                        verbose_name="class",
                    ),
                ),
                (
                    "fee",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="connection fee",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a minute",
                    ),
                ),
                (
                    "off_peak_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a minute, off-peak",
                    ),
                ),
                ("least_seconds", models.PositiveIntegerField(default=1, verbose_name="least seconds")),
                (
                    "step_seconds",
                    models.PositiveIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="step, seconds",
                    ),
                ),
                ("free", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "ordering": ["version", "kind", "prefix"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeckVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="in force from")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["deck", "-valid_from"],
            },
        ),
        migrations.CreateModel(
            name="VoiceBundle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call_class",
                    models.CharField(
                        db_collation="C",
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]*\\Z", "Small letters, figures, _ and - only."
                            )
                        ],
                        verbose_name="class",
                    ),
                ),
                (
                    "month",
                    models.DateField(
                        db_default=datetime.date(2000, 1, 1),
                        default=datetime.date(2000, 1, 1),
                        verbose_name="from the month",
                    ),
                ),
                ("minutes", models.PositiveIntegerField(null=True, verbose_name="free minutes a month")),
            ],
            options={
                "verbose_name": "bundle of minutes",
                "verbose_name_plural": "bundles of minutes",
                "ordering": ["call_class", "month"],
                "default_permissions": ("change", "view"),
            },
        ),
        migrations.CreateModel(
            name="VoiceCaller",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("texts", models.JSONField()),
                ("numbers", models.JSONField()),
                ("linked_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": ("change", "view"),
            },
        ),
        migrations.CreateModel(
            name="VoiceLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        db_collation="C",
                        max_length=15,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[1-9][0-9]{7,14}\\Z",
                                "A number with its country, figures only, as 27871234567.",
                            )
                        ],
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="What the source's records call it, as a user name or an extension.",
                        max_length=100,
                    ),
                ),
                (
                    "channels",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="calls at the same time",
                    ),
                ),
                (
                    "rental",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        help_text="A month, in its product's terms. Empty: the list price.",
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="rental of its own",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Not active yet"),
                            ("active", "Active"),
                            ("suspended", "Suspended"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_collation="C",
                        db_default="waiting",
                        default="waiting",
                        max_length=9,
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("state_reason", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "text",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="note"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "verbose_name": "voice line",
                "ordering": ["number", "starts_on"],
                "permissions": [
                    ("activate_voiceline", "Can activate voice lines"),
                    ("suspend_voiceline", "Can suspend and restore voice lines"),
                    ("cancel_voiceline", "Can cancel voice lines"),
                    ("see_call_numbers", "Can see the whole number of a call"),
                    ("export_calls", "Can export large lists of calls"),
                    ("see_call_reports", "Can see reports of calls"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoicePackage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key("name"),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer sold."),
                ),
            ],
            options={
                "verbose_name": "voice package",
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="VoiceSource",
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
                    "retired",
                    models.BooleanField(
                        db_default=False, default=False, help_text="No more files come from it."
                    ),
                ),
            ],
            options={
                "verbose_name": "source of calls",
                "verbose_name_plural": "sources of calls",
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="CallFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(db_collation="C", max_length=64)),
                ("size", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "Taken in"), ("taken_back", "Taken back")],
                        db_collation="C",
                        db_default="done",
                        default="done",
                        max_length=10,
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                ("taken_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("back_at", models.DateTimeField(null=True)),
                (
                    "back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="dataaccounts.callprofile",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of calls",
                "verbose_name_plural": "files of calls",
                "ordering": ["-id"],
                "permissions": [("take_back_callfile", "Can take files of calls back")],
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file", "row", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("row", models.IntegerField()),
                ("start", models.DateTimeField()),
                ("day", models.DateField()),
                ("called", models.CharField(db_collation="C", max_length=15)),
                ("destination", models.CharField(max_length=100)),
                ("call_class", models.CharField(db_collation="C", max_length=30)),
                ("seconds", models.BigIntegerField()),
                ("charged", models.BigIntegerField()),
                ("bundled", models.BigIntegerField(db_default=0, default=0)),
                ("free", models.BooleanField(db_default=False, default=False)),
                (
                    "fee",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="connection fee",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a minute",
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="call cost",
                    ),
                ),
                (
                    "price",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="price",
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="calls_of",
                        to="dataaccounts.callcharge",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="calls",
                        to="dataaccounts.callfile",
                    ),
                ),
            ],
            options={
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CallRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file", "row", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("row", models.IntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("billable", "A call to bill"),
                            ("merged", "Part of another row's call"),
                            ("not_billable", "Not to be billed"),
                            ("duplicate", "Known already"),
                            ("refused", "Could not be read"),
                            ("unmatched", "No line known"),
                            ("unrated", "No rate known"),
                        ],
                        db_collation="C",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(db_collation="C", db_default="", default="", max_length=12)),
                ("key", models.UUIDField(null=True)),
                ("raw", models.TextField()),
                ("start", models.DateTimeField(null=True)),
                ("seconds", models.BigIntegerField(null=True)),
                ("called", models.CharField(db_collation="C", db_default="", default="", max_length=15)),
                ("short", models.BooleanField(db_default=False, default=False)),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=6, max_digits=14, null=True, verbose_name="supplier's cost"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="rows",
                        to="dataaccounts.callfile",
                    ),
                ),
            ],
            options={
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Deck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("cost", "What a supplier asks of us"), ("sell", "What we ask")],
                        db_collation="C",
                        max_length=4,
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
                ("peak_from", models.TimeField(default=datetime.time(7, 0))),
                ("peak_to", models.TimeField(default=datetime.time(19, 0))),
                (
                    "retired",
                    models.BooleanField(
                        db_default=False, default=False, help_text="No longer used for new lines."
                    ),
                ),
            ],
            options={
                "verbose_name": "rate deck",
                "ordering": ["name_key"],
                "constraints": [
                    models.UniqueConstraint(fields=("side", "name_key"), name="deck_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["cost", "sell"])), name="deck_side_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("peak_to__gt", models.F("peak_from"))), name="deck_peak_has_hours"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deck",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("side", "side", "text"),
                        ("name", "name", "text"),
                        ("peak_from", "peak_from", "plain"),
                        ("peak_to", "peak_to", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="5b8ce65aa545207caa7495f0e5a2e41fee0ab537",
                    model="dataaccounts.deck",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_ecffe",
                    table="dataaccounts_deck",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deck",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("side", "side", "text"),
                        ("name", "name", "text"),
                        ("peak_from", "peak_from", "plain"),
                        ("peak_to", "peak_to", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="2cf037222797bcb9497ce080512883544b71c428",
                    model="dataaccounts.deck",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_0ded3",
                    table="dataaccounts_deck",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deck",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("side", "side", "text"),
                        ("name", "name", "text"),
                        ("peak_from", "peak_from", "plain"),
                        ("peak_to", "peak_to", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="1be9cf9abac8a83a5931708ae119e201f5a31225",
                    model="dataaccounts.deck",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_9d7ed",
                    table="dataaccounts_deck",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="deckversion",
            name="deck",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="dataaccounts.deck"
            ),
        ),
        migrations.AddField(
            model_name="deckrow",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="dataaccounts.deckversion",
            ),
        ),
        migrations.AddField(
            model_name="voicecaller",
            name="linked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="callrow",
            name="caller",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="rows",
                to="dataaccounts.voicecaller",
            ),
        ),
        migrations.AddField(
            model_name="voiceline",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="voiceline",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="voice_lines",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="voicecaller",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="callers",
                to="dataaccounts.voiceline",
            ),
        ),
        migrations.AddField(
            model_name="voicebundle",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bundles",
                to="dataaccounts.voiceline",
            ),
        ),
        migrations.AddField(
            model_name="callcharge",
            name="line",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="dataaccounts.voiceline",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="line",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="calls",
                to="dataaccounts.voiceline",
            ),
        ),
        migrations.AddField(
            model_name="voicepackage",
            name="calls_product",
            field=models.ForeignKey(
                help_text="What calls are sold as; its VAT class holds for them. Calls are priced exclusive of VAT.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reference.product",
            ),
        ),
        migrations.AddField(
            model_name="voicepackage",
            name="deck",
            field=models.ForeignKey(
                limit_choices_to={"side": "sell"},
                on_delete=django.db.models.deletion.PROTECT,
                related_name="packages",
                to="dataaccounts.deck",
                verbose_name="price list",
            ),
        ),
        migrations.AddField(
            model_name="voicepackage",
            name="product",
            field=models.ForeignKey(
                blank=True,
                help_text="The line rental, and so its price. Empty: no rental.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="voice_packages",
                to="reference.product",
            ),
        ),
        migrations.AddField(
            model_name="voiceline",
            name="package",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="dataaccounts.voicepackage",
            ),
        ),
        migrations.AddField(
            model_name="voicebundle",
            name="package",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bundles",
                to="dataaccounts.voicepackage",
            ),
        ),
        migrations.AddField(
            model_name="voicesource",
            name="cost_deck",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dataaccounts.deck",
            ),
        ),
        migrations.AddField(
            model_name="voiceline",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="dataaccounts.voicesource",
            ),
        ),
        migrations.AddField(
            model_name="voicecaller",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="callers",
                to="dataaccounts.voicesource",
            ),
        ),
        migrations.AddField(
            model_name="callrow",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="dataaccounts.voicesource",
            ),
        ),
        migrations.AddField(
            model_name="callprofile",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="profiles",
                to="dataaccounts.voicesource",
            ),
        ),
        migrations.AddIndex(
            model_name="callfile",
            index=models.Index(fields=["digest"], name="call_files_by_digest"),
        ),
        migrations.AddConstraint(
            model_name="callfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("back_at", None), ("state", "done")),
                    models.Q(("back_at__isnull", False), ("state", "taken_back")),
                    _connector="OR",
                ),
                name="call_file_done_or_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="deckversion",
            constraint=models.UniqueConstraint(fields=("deck", "valid_from"), name="deck_version_once_a_day"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deckversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("deck", "deck_id", "plain"), ("valid_from", "valid_from", "plain")],
                    hash="31e734d038dc1fc0b3d641e1a4ea119a3021d29f",
                    model="dataaccounts.deckversion",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_b51b7",
                    table="dataaccounts_deckversion",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deckversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("deck", "deck_id", "plain"), ("valid_from", "valid_from", "plain")],
                    hash="b8b3d73bf9b94f959826a2c6d1527419e83cb90b",
                    model="dataaccounts.deckversion",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_548a6",
                    table="dataaccounts_deckversion",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deckversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("deck", "deck_id", "plain"), ("valid_from", "valid_from", "plain")],
                    hash="c0b60aa4c3ab087def449289ed0ac7de6d9a0ea8",
                    model="dataaccounts.deckversion",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_db22f",
                    table="dataaccounts_deckversion",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="deckrow",
            constraint=models.UniqueConstraint(fields=("version", "kind", "prefix"), name="deck_prefix_once"),
        ),
        migrations.AddConstraint(
            model_name="deckrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["e164", "short"])), name="deck_row_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="deckrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("prefix__regex", "^[0-9]{1,15}$")), name="deck_prefix_of_figures"
            ),
        ),
        migrations.AddConstraint(
            model_name="deckrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fee__gte", 0),
                    ("rate__gte", 0),
                    ("step_seconds__gte", 1),
                    models.Q(("off_peak_rate", None), ("off_peak_rate__gte", 0), _connector="OR"),
                ),
                name="deck_row_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="callcharge",
            constraint=models.UniqueConstraint(fields=("line", "month"), name="call_charge_once_a_month"),
        ),
        migrations.AddConstraint(
            model_name="callcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))), name="call_charge_days_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["line", "day"], name="calls_of_line"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("charge", None)), fields=["line", "day"], name="calls_to_charge"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("charge__isnull", False)), fields=["charge"], name="calls_of_charge"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bundled__gte", 0),
                    ("bundled__lte", models.F("charged")),
                    ("charged__gte", 0),
                    ("seconds__gt", 0),
                    ("price__gte", 0),
                ),
                name="call_counts_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicepackage",
            constraint=models.UniqueConstraint(fields=("name_key",), name="voice_package_name_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicepackage",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("product", "product_id", "plain"),
                        ("calls_product", "calls_product_id", "plain"),
                        ("deck", "deck_id", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="099ec9ad6de7df4d37ffbbe505ae7d7b1fd57cc5",
                    model="dataaccounts.voicepackage",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_76242",
                    table="dataaccounts_voicepackage",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicepackage",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("product", "product_id", "plain"),
                        ("calls_product", "calls_product_id", "plain"),
                        ("deck", "deck_id", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="fda44d2395f75f7585d0eea514fb97441812a023",
                    model="dataaccounts.voicepackage",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_f972b",
                    table="dataaccounts_voicepackage",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicepackage",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("product", "product_id", "plain"),
                        ("calls_product", "calls_product_id", "plain"),
                        ("deck", "deck_id", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="d4f34ead9d0f05edbc875fb759257190b17eaea1",
                    model="dataaccounts.voicepackage",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_6dcc1",
                    table="dataaccounts_voicepackage",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="voicebundle",
            constraint=models.UniqueConstraint(
                fields=("package", "call_class", "month"), name="package_bundle_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="voicebundle",
            constraint=models.UniqueConstraint(
                fields=("line", "call_class", "month"), name="line_bundle_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="voicebundle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("line__isnull", False), ("package", None)),
                    models.Q(("line", None), ("package__isnull", False)),
                    _connector="OR",
                ),
                name="bundle_of_package_or_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicebundle",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="bundle_from_a_month"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicebundle",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("package", "package_id", "plain"),
                        ("line", "line_id", "plain"),
                        ("call_class", "call_class", "text"),
                        ("month", "month", "plain"),
                        ("minutes", "minutes", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_voiceline" upper_1 WHERE upper_1."id" = {row}."line_id")',
                    hash="d9d838df4f80bf191ab96c8a5cdc31a6ac090cfe",
                    model="dataaccounts.voicebundle",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_070e9",
                    table="dataaccounts_voicebundle",
                    words=["call_class"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicebundle",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("package", "package_id", "plain"),
                        ("line", "line_id", "plain"),
                        ("call_class", "call_class", "text"),
                        ("month", "month", "plain"),
                        ("minutes", "minutes", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_voiceline" upper_1 WHERE upper_1."id" = {row}."line_id")',
                    hash="f7c0c25864d2b063d57b170fa5c6a5c37ea063b0",
                    model="dataaccounts.voicebundle",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_2bde2",
                    table="dataaccounts_voicebundle",
                    words=["call_class"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicebundle",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("package", "package_id", "plain"),
                        ("line", "line_id", "plain"),
                        ("call_class", "call_class", "text"),
                        ("month", "month", "plain"),
                        ("minutes", "minutes", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_voiceline" upper_1 WHERE upper_1."id" = {row}."line_id")',
                    hash="6a6038cfdada360ef0a2272c6c4bc866ba63bae7",
                    model="dataaccounts.voicebundle",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_98194",
                    table="dataaccounts_voicebundle",
                    words=["call_class"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="voicesource",
            constraint=models.UniqueConstraint(fields=("name_key",), name="voice_source_name_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicesource",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("cost_deck", "cost_deck_id", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="1fb36db85c5d542e8d1a87a63354befe7a721b91",
                    model="dataaccounts.voicesource",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_bd342",
                    table="dataaccounts_voicesource",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicesource",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("cost_deck", "cost_deck_id", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="e2e38afc618d1a9b2c0fa377647106411a5890ff",
                    model="dataaccounts.voicesource",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_f925b",
                    table="dataaccounts_voicesource",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voicesource",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("cost_deck", "cost_deck_id", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="a68044b580d8de931aa5ecb4f180bbe115e0f465",
                    model="dataaccounts.voicesource",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_ba94f",
                    table="dataaccounts_voicesource",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="voiceline",
            index=models.Index(fields=["customer", "number"], name="voice_lines_of_customer"),
        ),
        migrations.AddIndex(
            model_name="voiceline",
            index=models.Index(fields=["number", "id"], name="voice_lines_by_number"),
        ),
        migrations.AddIndex(
            model_name="voiceline",
            index=models.Index(fields=["state", "number", "id"], name="voice_lines_by_state"),
        ),
        migrations.AddConstraint(
            model_name="voiceline",
            constraint=models.UniqueConstraint(
                models.F("source"),
                django.db.models.functions.text.Lower("account"),
                condition=models.Q(models.Q(("account", ""), _negated=True), ("ends_on", None)),
                name="voice_account_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="voiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^[1-9][0-9]{7,14}$")), name="voice_number_of_figures"
            ),
        ),
        migrations.AddConstraint(
            model_name="voiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "active", "suspended", "cancelled"])),
                name="voice_line_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="voiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="voice_line_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="voiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("rental", None), ("rental__gte", 0), _connector="OR"),
                name="voice_rental_no_less_than_zero",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("number", "number", "text"),
                        ("package", "package_id", "plain"),
                        ("source", "source_id", "plain"),
                        ("account", "account", "text"),
                        ("channels", "channels", "plain"),
                        ("rental", "rental", "plain"),
                        ("state", "state", "text"),
                        ("state_since", "state_since", "plain"),
                        ("state_reason", "state_reason", "text"),
                        ("text", "text", "text"),
                        ("starts_on", "starts_on", "plain"),
                        ("ends_on", "ends_on", "plain"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="e009ff2420d7a6d548f43be55b64d5803728377f",
                    model="dataaccounts.voiceline",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_9684c",
                    table="dataaccounts_voiceline",
                    words=["number"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("number", "number", "text"),
                        ("package", "package_id", "plain"),
                        ("source", "source_id", "plain"),
                        ("account", "account", "text"),
                        ("channels", "channels", "plain"),
                        ("rental", "rental", "plain"),
                        ("state", "state", "text"),
                        ("state_since", "state_since", "plain"),
                        ("state_reason", "state_reason", "text"),
                        ("text", "text", "text"),
                        ("starts_on", "starts_on", "plain"),
                        ("ends_on", "ends_on", "plain"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="d16ddc73dfea0506089d6e82892509dbc7177df8",
                    model="dataaccounts.voiceline",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_ea35d",
                    table="dataaccounts_voiceline",
                    words=["number"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("number", "number", "text"),
                        ("package", "package_id", "plain"),
                        ("source", "source_id", "plain"),
                        ("account", "account", "text"),
                        ("channels", "channels", "plain"),
                        ("rental", "rental", "plain"),
                        ("state", "state", "text"),
                        ("state_since", "state_since", "plain"),
                        ("state_reason", "state_reason", "text"),
                        ("text", "text", "text"),
                        ("starts_on", "starts_on", "plain"),
                        ("ends_on", "ends_on", "plain"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="e0600f0d4913adbdaa90bfbd53e140ef7c389452",
                    model="dataaccounts.voiceline",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_4cece",
                    table="dataaccounts_voiceline",
                    words=["number"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="voicecaller",
            constraint=models.UniqueConstraint(fields=("source", "texts"), name="voice_caller_once"),
        ),
        migrations.AddIndex(
            model_name="callrow",
            index=models.Index(
                condition=models.Q(("outcome__in", ["unmatched", "unrated"])),
                fields=["outcome", "caller", "file", "row"],
                name="call_rows_to_settle",
            ),
        ),
        migrations.AddIndex(
            model_name="callrow",
            index=models.Index(
                condition=models.Q(("outcome__in", ["refused", "duplicate"])),
                fields=["file", "outcome", "row"],
                name="call_rows_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="callrow",
            constraint=models.UniqueConstraint(fields=("source", "key"), name="call_once_a_source"),
        ),
        migrations.AddConstraint(
            model_name="callrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("key", None), ("outcome__in", ["duplicate", "refused"])),
                    models.Q(
                        ("key__isnull", False),
                        (
                            "outcome__in",
                            ["billable", "merged", "not_billable", "refused", "unmatched", "unrated"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="call_row_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="callprofile",
            constraint=models.UniqueConstraint(fields=("name_key",), name="call_profile_name_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="callprofile",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("source", "source_id", "plain"),
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("encoding", "encoding", "text"),
                        ("delimiter", "delimiter", "text"),
                        ("has_header", "has_header", "flag"),
                        ("skip_records", "skip_records", "plain"),
                        ("footer_first_field", "footer_first_field", "text"),
                        ("timezone", "timezone", "text"),
                        ("trunk_channel_regex", "trunk_channel_regex", "text"),
                        ("strip_prefixes", "strip_prefixes", "json"),
                        ("line_match", "line_match", "json"),
                        ("columns", "columns", "json"),
                        ("date_format", "date_format", "text"),
                        ("time_format", "time_format", "text"),
                        ("duration_unit", "duration_unit", "text"),
                        ("outbound_value", "outbound_value", "text"),
                        ("cost_includes_vat", "cost_includes_vat", "flag"),
                        ("vat_percent", "vat_percent", "plain"),
                        ("dedupe", "dedupe", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="0f5eec7a9929447ffecc06698e9dd7d85ed3477d",
                    model="dataaccounts.callprofile",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_ed11f",
                    table="dataaccounts_callprofile",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="callprofile",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("source", "source_id", "plain"),
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("encoding", "encoding", "text"),
                        ("delimiter", "delimiter", "text"),
                        ("has_header", "has_header", "flag"),
                        ("skip_records", "skip_records", "plain"),
                        ("footer_first_field", "footer_first_field", "text"),
                        ("timezone", "timezone", "text"),
                        ("trunk_channel_regex", "trunk_channel_regex", "text"),
                        ("strip_prefixes", "strip_prefixes", "json"),
                        ("line_match", "line_match", "json"),
                        ("columns", "columns", "json"),
                        ("date_format", "date_format", "text"),
                        ("time_format", "time_format", "text"),
                        ("duration_unit", "duration_unit", "text"),
                        ("outbound_value", "outbound_value", "text"),
                        ("cost_includes_vat", "cost_includes_vat", "flag"),
                        ("vat_percent", "vat_percent", "plain"),
                        ("dedupe", "dedupe", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="5bd1745d4835e7d629ddfe1ce5c74ff32437939c",
                    model="dataaccounts.callprofile",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_750c8",
                    table="dataaccounts_callprofile",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="callprofile",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("source", "source_id", "plain"),
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("encoding", "encoding", "text"),
                        ("delimiter", "delimiter", "text"),
                        ("has_header", "has_header", "flag"),
                        ("skip_records", "skip_records", "plain"),
                        ("footer_first_field", "footer_first_field", "text"),
                        ("timezone", "timezone", "text"),
                        ("trunk_channel_regex", "trunk_channel_regex", "text"),
                        ("strip_prefixes", "strip_prefixes", "json"),
                        ("line_match", "line_match", "json"),
                        ("columns", "columns", "json"),
                        ("date_format", "date_format", "text"),
                        ("time_format", "time_format", "text"),
                        ("duration_unit", "duration_unit", "text"),
                        ("outbound_value", "outbound_value", "text"),
                        ("cost_includes_vat", "cost_includes_vat", "flag"),
                        ("vat_percent", "vat_percent", "plain"),
                        ("dedupe", "dedupe", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="7f60206df185c2d37d035894bf094c78d361cae6",
                    model="dataaccounts.callprofile",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_89a6c",
                    table="dataaccounts_callprofile",
                    words=["name"],
                ),
            ),
        ),
        migrations.RunSQL(RULES, BACK),
    ]
