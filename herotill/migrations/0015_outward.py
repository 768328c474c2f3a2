from __future__ import annotations

import django.db.models.functions.datetime
from django.db import migrations, models

KEEP = """
CREATE FUNCTION house_installation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'whose database this was is not changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER installation_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON house_installation
    FOR EACH STATEMENT EXECUTE FUNCTION house_installation_stays();
"""
LEAVE = """
DROP TRIGGER installation_stays ON house_installation;
DROP FUNCTION house_installation_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0014_timetable"),
    ]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("name", models.CharField(max_length=200)),
                ("sign", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("place", models.CharField(blank=True, db_collation="C", max_length=80)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("see_installation", "Can see whose database this is"),
                    ("confirm_installation", "Can let a restored database act outward"),
                ],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("place", ""), ("sign", "")),
                            models.Q(
                                models.Q(("sign", ""), _negated=True), models.Q(("place", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="installation_is_here_or_nowhere",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, LEAVE),
    ]
