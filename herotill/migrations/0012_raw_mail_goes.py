"""How long mail is kept as it came."""

import django.core.validators
import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0011_lost_leads_are_forgotten"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="retentionrules",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="retentionrules",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="retentionrules",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="retentionrules",
            name="raw_mail_months",
            field=models.PositiveSmallIntegerField(
                db_default=6,
                default=6,
                help_text="What it said on its ticket stays with the ticket; mail that became nothing goes whole.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="months mail is kept as it came",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retentionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("anonymise_after_months", "anonymise_after_months", "plain"),
                        ("results_days", "results_days", "plain"),
                        ("documents_years", "documents_years", "plain"),
                        ("books_years", "books_years", "plain"),
                        ("year_ends_in", "year_ends_in", "plain"),
                        ("audit_years", "audit_years", "plain"),
                        ("diaries_months", "diaries_months", "plain"),
                        ("notices_months", "notices_months", "plain"),
                        ("lost_leads_months", "lost_leads_months", "plain"),
                        ("raw_mail_months", "raw_mail_months", "plain"),
                    ],
                    hash="583593d14ca859dc1779b802d5318dbe62305cef",
                    model="house.retentionrules",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_d042f",
                    table="house_retentionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retentionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("anonymise_after_months", "anonymise_after_months", "plain"),
                        ("results_days", "results_days", "plain"),
                        ("documents_years", "documents_years", "plain"),
                        ("books_years", "books_years", "plain"),
                        ("year_ends_in", "year_ends_in", "plain"),
                        ("audit_years", "audit_years", "plain"),
                        ("diaries_months", "diaries_months", "plain"),
                        ("notices_months", "notices_months", "plain"),
                        ("lost_leads_months", "lost_leads_months", "plain"),
                        ("raw_mail_months", "raw_mail_months", "plain"),
                    ],
                    hash="f694575fd191e7b8d670f5679751bc522dc78db2",
                    model="house.retentionrules",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_d9b81",
                    table="house_retentionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retentionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("anonymise_after_months", "anonymise_after_months", "plain"),
                        ("results_days", "results_days", "plain"),
                        ("documents_years", "documents_years", "plain"),
                        ("books_years", "books_years", "plain"),
                        ("year_ends_in", "year_ends_in", "plain"),
                        ("audit_years", "audit_years", "plain"),
                        ("diaries_months", "diaries_months", "plain"),
                        ("notices_months", "notices_months", "plain"),
                        ("lost_leads_months", "lost_leads_months", "plain"),
                        ("raw_mail_months", "raw_mail_months", "plain"),
                    ],
                    hash="2f5c257e08fd254d948bb30a2997f7ff0938a246",
                    model="house.retentionrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_c2bcc",
                    table="house_retentionrules",
                ),
            ),
        ),
    ]
