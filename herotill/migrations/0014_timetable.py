from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import herotill.audit.sql

# What was paused stays so. The references are checked at once, since the table is changed in this transaction.
PAUSED = """
INSERT INTO house_jobsetting (name, paused, set_at, set_by_id)
    SELECT name, true, now(), paused_by_id FROM house_jobstate WHERE paused;
SET CONSTRAINTS ALL IMMEDIATE;
"""
NOT_ANY_MORE = """
UPDATE house_jobstate SET paused = true, paused_by_id = s.set_by_id
    FROM house_jobsetting s WHERE s.name = house_jobstate.name AND s.paused;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# Beat's rows call registered jobs, each by its name, and nothing else, whoever writes them.
JOBS_ONLY = """
ALTER TABLE django_celery_beat_periodictask ADD CONSTRAINT timetable_calls_jobs_only CHECK (
    task = 'house.job' AND args = concat('["', name, '"]') AND kwargs = '{}'
    AND crontab_id IS NOT NULL AND name ~ '^[a-z0-9-]+$'
);
"""
ANYTHING = "ALTER TABLE django_celery_beat_periodictask DROP CONSTRAINT timetable_calls_jobs_only;"
SETTING = [("name", "name", "text"), ("schedule", "schedule", "text"), ("paused", "paused", "flag")]


def _audit(name: str, operation: str, digest: str, pgid: str) -> pgtrigger.migrations.AddTrigger:
    sql = herotill.audit.sql.AuditTriggerSql(
        columns=SETTING,
        hash=digest,
        model="house.jobsetting",
        operation=operation,
        pgid=pgid,
        table="house_jobsetting",
        words=["name"],
    )
    trigger = pgtrigger.compiler.Trigger(name=name, sql=sql)
    return pgtrigger.migrations.AddTrigger(model_name="jobsetting", trigger=trigger)


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0013_facts_are_blanked"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JobSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="job")),
                (
                    "schedule",
                    models.CharField(
                        db_default="",
                        default="",
                        help_text="In words; the job's own where empty.",
                        max_length=60,
                        verbose_name="time",
                    ),
                ),
                ("paused", models.BooleanField(db_default=False, default=False)),
                ("set_at", models.DateTimeField(help_text="From when on its times count.")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "job of the timetable", "default_permissions": ()},
        ),
        migrations.RunSQL(PAUSED, NOT_ANY_MORE),
        _audit(
            "audit_add", "INSERT", "5f25131dbe37315aec5bffbd41e3e471e18316e0", "pgtrigger_audit_add_76829"
        ),
        _audit(
            "audit_change",
            "UPDATE",
            "07dacc8f2e7cfa7d993187269eb5e8a3828311a7",
            "pgtrigger_audit_change_6bf38",
        ),
        _audit(
            "audit_remove",
            "DELETE",
            "b9ab12f0040c7e03e8ba7d92a3568a1377c6320c",
            "pgtrigger_audit_remove_71220",
        ),
        migrations.CreateModel(
            name="JobCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "At work"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("lost", "Worker lost"),
                        ],
                        default="running",
                        max_length=7,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "nudged_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("lock", models.IntegerField(null=True)),
                (
                    "worker",
                    models.CharField(
                        db_default="", default="", help_text="Machine and process.", max_length=120
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, help_text="Workers lost before, in a row."
                    ),
                ),
                ("said", models.CharField(db_default="", default="", max_length=500)),
                ("counts", models.JSONField(default=dict)),
                ("log", models.JSONField(default=list)),
                (
                    "error",
                    models.TextField(db_default="", default="", help_text="Where in the program; no values."),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["name", "-id"], name="job_calls_by_name"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["state"],
                        name="job_calls_unfinished",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("started_at", None), ("state", "waiting")),
                            models.Q(
                                ("finished_at", None),
                                ("lock__isnull", False),
                                ("started_at__isnull", False),
                                ("state", "running"),
                            ),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("started_at__isnull", False),
                                ("state__in", ["done", "failed", "lost"]),
                            ),
                            _connector="OR",
                        ),
                        name="job_call_state_says_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("name",), name="job_waits_once"
                    ),
                ],
            },
        ),
        migrations.RemoveField(model_name="jobstate", name="paused"),
        migrations.RemoveField(model_name="jobstate", name="paused_by"),
        migrations.AddField(
            model_name="jobstate",
            name="failures",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="In a row, up to now."),
        ),
        migrations.AddField(
            model_name="jobstate",
            name="known_since",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterModelOptions(
            name="jobstate",
            options={
                "default_permissions": (),
                "permissions": [
                    ("see_jobs", "Can see the timetable"),
                    ("pause_jobs", "Can pause jobs of the timetable"),
                    ("change_timetable", "Can change when jobs are carried out"),
                    ("run_jobs", "Can have jobs carried out at once"),
                ],
            },
        ),
        migrations.RunSQL(JOBS_ONLY, ANYTHING),
    ]
