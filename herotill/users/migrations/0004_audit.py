"""Triggers that record every change of people, roles and rights."""

import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("house", "0002_audit"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("users", "0003_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthenticatorAudit",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("mfa.authenticator",),
        ),
        migrations.CreateModel(
            name="GroupPermissionsAudit",
            fields=[],
            options={
                "verbose_name": "right",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.group_permissions",),
        ),
        migrations.CreateModel(
            name="UserGroupsAudit",
            fields=[],
            options={
                "verbose_name": "role",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("users.user_groups",),
        ),
        migrations.CreateModel(
            name="UserUserPermissionsAudit",
            fields=[],
            options={
                "verbose_name": "right",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("users.user_user_permissions",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="role",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("label", "label", "text"),
                        ("description", "description", "text"),
                        ("second_factor_required", "second_factor_required", "flag"),
                    ],
                    hash="403a20c00f21c7a7df531d6ff55f71ee6f751146",
                    model="users.role",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_70ee1",
                    pk="group_ptr_id",
                    table="users_role",
                    words=["label"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="role",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("label", "label", "text"),
                        ("description", "description", "text"),
                        ("second_factor_required", "second_factor_required", "flag"),
                    ],
                    hash="f74b246983b214a71faf9c6b2d48bfd8ed2fe599",
                    model="users.role",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_ea4a2",
                    pk="group_ptr_id",
                    table="users_role",
                    words=["label"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="role",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("label", "label", "text"),
                        ("description", "description", "text"),
                        ("second_factor_required", "second_factor_required", "flag"),
                    ],
                    hash="394183f8dbb5e66ca58b99aa3ff25f02b8946c30",
                    model="users.role",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_4fa20",
                    pk="group_ptr_id",
                    table="users_role",
                    words=["label"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("password", "password", "secret"),
                        ("username", "username", "text"),
                        ("kind", "kind", "text"),
                        ("name", "name", "text"),
                        ("email", "email", "text"),
                        ("is_active", "is_active", "flag"),
                        ("money_rights_blocked_until", "money_rights_blocked_until", "plain"),
                    ],
                    hash="881c19c2bd2600d2cd68651259e6c6efc1ca6bdf",
                    model="users.user",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_d9c78",
                    table="users_user",
                    words=["name", "username"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("password", "password", "secret"),
                        ("username", "username", "text"),
                        ("kind", "kind", "text"),
                        ("name", "name", "text"),
                        ("email", "email", "text"),
                        ("is_active", "is_active", "flag"),
                        ("money_rights_blocked_until", "money_rights_blocked_until", "plain"),
                    ],
                    hash="64021d8deaad75bf4243a7bf2907c1970206d4b3",
                    model="users.user",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_2929a",
                    table="users_user",
                    words=["name", "username"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("password", "password", "secret"),
                        ("username", "username", "text"),
                        ("kind", "kind", "text"),
                        ("name", "name", "text"),
                        ("email", "email", "text"),
                        ("is_active", "is_active", "flag"),
                        ("money_rights_blocked_until", "money_rights_blocked_until", "plain"),
                    ],
                    hash="d87042bf333ecf16cb072998ad1e9a396e5dd591",
                    model="users.user",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_905b0",
                    table="users_user",
                    words=["name", "username"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authenticatoraudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("user", "user_id", "plain"),
                        ("type", "type", "text"),
                        ("data", "data", "secret"),
                    ],
                    hash="31030f74f21a22dc5edeab4212922f38ecab63d6",
                    model="mfa.authenticator",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_ac0c6",
                    table="mfa_authenticator",
                    words=["type"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authenticatoraudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("user", "user_id", "plain"),
                        ("type", "type", "text"),
                        ("data", "data", "secret"),
                    ],
                    hash="ede8f72e59ec4c3d49a03813b30bf13cc8181860",
                    model="mfa.authenticator",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_16148",
                    table="mfa_authenticator",
                    words=["type"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authenticatoraudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("user", "user_id", "plain"),
                        ("type", "type", "text"),
                        ("data", "data", "secret"),
                    ],
                    hash="1192e70a4c0fb34eef28d6369702abb613c88b87",
                    model="mfa.authenticator",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_838bd",
                    table="mfa_authenticator",
                    words=["type"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grouppermissionsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("group", "group_id", "plain"), ("permission", "permission_id", "plain")],
                    hash="92ac2f59aaaeb5cf5672ec3aad23a81f831d7bcc",
                    model="auth.group_permissions",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_35513",
                    table="auth_group_permissions",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grouppermissionsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("group", "group_id", "plain"), ("permission", "permission_id", "plain")],
                    hash="3d701b8f7b3de5ba6799e27ca826ed5d9b289fb9",
                    model="auth.group_permissions",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_5b4d5",
                    table="auth_group_permissions",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grouppermissionsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("group", "group_id", "plain"), ("permission", "permission_id", "plain")],
                    hash="55c0c08ff1d391deb50a66153849e789706a0c14",
                    model="auth.group_permissions",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_bb22e",
                    table="auth_group_permissions",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usergroupsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("user", "user_id", "plain"), ("group", "group_id", "plain")],
                    hash="be30ff6fe7c76800a9b89c929890ba88f2e467ab",
                    model="users.user_groups",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_5616f",
                    table="users_user_groups",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usergroupsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("user", "user_id", "plain"), ("group", "group_id", "plain")],
                    hash="8d31d0e5bc17a03b01530572cdcabe3c9ee8e5c7",
                    model="users.user_groups",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_582ce",
                    table="users_user_groups",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usergroupsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("user", "user_id", "plain"), ("group", "group_id", "plain")],
                    hash="a08ce112dc6ca8c2a0432ac47d0d6a9d38d80857",
                    model="users.user_groups",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_b72b2",
                    table="users_user_groups",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="useruserpermissionsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("user", "user_id", "plain"), ("permission", "permission_id", "plain")],
                    hash="4310340d94550c446e710b542b33a3cff402190c",
                    model="users.user_user_permissions",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_3a9dd",
                    table="users_user_user_permissions",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="useruserpermissionsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("user", "user_id", "plain"), ("permission", "permission_id", "plain")],
                    hash="6b99ceb71ea34c42954355a498d639be00fe8ae1",
                    model="users.user_user_permissions",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_dad7d",
                    table="users_user_user_permissions",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="useruserpermissionsaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("user", "user_id", "plain"), ("permission", "permission_id", "plain")],
                    hash="1db912ff729dc89f760f52f48e674e032823c7c0",
                    model="users.user_user_permissions",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_773a8",
                    table="users_user_user_permissions",
                ),
            ),
        ),
    ]
