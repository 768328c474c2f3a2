"""How long lost leads are kept."""

import django.core.validators
import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0010_blanking"),
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
            name="lost_leads_months",
            field=models.PositiveSmallIntegerField(
                db_default=12,
                default=12,
                help_text="Then names, numbers and addresses of people who never became customers go.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="months lost leads are kept",
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
                    ],
                    hash="510c7a61cba64d15e3e98fb3f716b87418c43615",
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
                    ],
                    hash="22655ecff15a47a795b9a088067b43620bb8e929",
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
                    ],
                    hash="dc1143724a3c55f2e8abcbca8a597196d12a1dae",
                    model="house.retentionrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_c2bcc",
                    table="house_retentionrules",
                ),
            ),
        ),
    ]
