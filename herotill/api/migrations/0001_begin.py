from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import herotill.audit.sql
import herotill.secrets.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0015_outward"),
        ("users", "0003_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="what it is for")),
                (
                    "prefix",
                    models.CharField(
                        db_collation="C", editable=False, max_length=12, verbose_name="begins with"
                    ),
                ),
                (
                    "hashed",
                    models.CharField(db_collation="C", editable=False, max_length=64, verbose_name="token"),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None, verbose_name="may"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="ends")),
                ("last_used_at", models.DateTimeField(editable=False, null=True)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("see_tokens", "Can see everybody's tokens"),
                    ("make_token", "Can make tokens for programs, within their own rights"),
                    ("revoke_tokens", "Can revoke the tokens of others"),
                ],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_collation="C", max_length=100)),
                ("asked", models.CharField(db_collation="C", max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("body", models.TextField(default="")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True, editable=False
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="api.token",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="who is told")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None, verbose_name="of what"
                    ),
                ),
                ("secret_last_four", models.CharField(blank=True, default="", editable=False, max_length=4)),
                (
                    "secret",
                    herotill.secrets.fields.EncryptedField(
                        last_four="secret_last_four", permission="api.change_webhooks"
                    ),
                ),
                ("paused", models.BooleanField(db_default=False, default=False)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "permissions": [
                    ("see_webhooks", "Can see webhooks and what they told"),
                    ("change_webhooks", "Can set up, pause and remove webhooks, and tell anew"),
                ],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fact_id", models.BigIntegerField()),
                ("kind", models.CharField(db_collation="C", max_length=60)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("owed", "Waits"), ("told", "Told"), ("given_up", "Given up")],
                        db_collation="C",
                        db_default="owed",
                        default="owed",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("next_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(null=True)),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="answer")),
                ("said", models.CharField(db_default="", default="", max_length=300)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True, editable=False
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="api.webhook",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.UniqueConstraint(fields=("hashed",), name="token_once"),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("hashed__regex", "^[0-9a-f]{64}$")), name="token_is_hashed"
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes", []), _negated=True), name="token_may_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="token_says_what_for"
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))), name="token_ends_after_it_begins"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="token",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("owner", "owner_id", "plain"),
                        ("name", "name", "text"),
                        ("prefix", "prefix", "text"),
                        ("hashed", "hashed", "secret"),
                        ("scopes", "scopes", "list"),
                        ("expires_at", "expires_at", "plain"),
                        ("revoked_at", "revoked_at", "plain"),
                        ("revoked_by", "revoked_by_id", "plain"),
                    ],
                    hash="b030d90faa825c14a8145ad3198a11879502eb62",
                    model="api.token",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_51441",
                    table="api_token",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="token",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("owner", "owner_id", "plain"),
                        ("name", "name", "text"),
                        ("prefix", "prefix", "text"),
                        ("hashed", "hashed", "secret"),
                        ("scopes", "scopes", "list"),
                        ("expires_at", "expires_at", "plain"),
                        ("revoked_at", "revoked_at", "plain"),
                        ("revoked_by", "revoked_by_id", "plain"),
                    ],
                    hash="f291aef3fdc043127109ca3e7a9e77540262a46a",
                    model="api.token",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_82e8f",
                    table="api_token",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="token",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("owner", "owner_id", "plain"),
                        ("name", "name", "text"),
                        ("prefix", "prefix", "text"),
                        ("hashed", "hashed", "secret"),
                        ("scopes", "scopes", "list"),
                        ("expires_at", "expires_at", "plain"),
                        ("revoked_at", "revoked_at", "plain"),
                        ("revoked_by", "revoked_by_id", "plain"),
                    ],
                    hash="6e618449273b2768807261e8462ae3357ec82405",
                    model="api.token",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_968bf",
                    table="api_token",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="keptanswer",
            constraint=models.UniqueConstraint(fields=("token", "key"), name="one_answer_a_key"),
        ),
        migrations.AddConstraint(
            model_name="keptanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="answer_has_a_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(fields=("name",), name="webhook_name_once"),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__regex", "^https?://")), name="webhook_goes_over_http"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("kinds", []), _negated=True), name="webhook_tells_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="webhook_has_a_name"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("url", "url", "text"),
                        ("kinds", "kinds", "list"),
                        ("secret", "secret", "encrypted", "secret_last_four"),
                        ("paused", "paused", "flag"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    hash="77f02899d44ee986f2f3c6564b3ac33f7d82554f",
                    model="api.webhook",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_88e66",
                    table="api_webhook",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("url", "url", "text"),
                        ("kinds", "kinds", "list"),
                        ("secret", "secret", "encrypted", "secret_last_four"),
                        ("paused", "paused", "flag"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    hash="c242b2caf480dc2b441f7a2d77de8dce644f31a8",
                    model="api.webhook",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_ba91c",
                    table="api_webhook",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("url", "url", "text"),
                        ("kinds", "kinds", "list"),
                        ("secret", "secret", "encrypted", "secret_last_four"),
                        ("paused", "paused", "flag"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    hash="22c8e9b3a854505678d7848e423efa68d5066ce7",
                    model="api.webhook",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_17b63",
                    table="api_webhook",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "owed")), fields=["next_at", "id"], name="deliveries_owed"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["webhook", "-id"], name="deliveries_of_webhook"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("webhook", "fact_id"), name="fact_owed_once"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["owed", "told", "given_up"])), name="delivery_state_known"
            ),
        ),
    ]
