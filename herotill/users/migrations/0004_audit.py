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
                    hash="0fa4d871c852b5935df70c18cf4688b0fc27a7bb",
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
                    hash="2e6d09c13a6c316825132347fd43c6d40af188e9",
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
                    hash="b15de4cad7e5e4902907bbfecef96bc94589a9d1",
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
                    hash="113fca7bc13a23aafd03155236e67dc781cf8bfc",
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
                    hash="2874dd7615d0036b787dc786f99b0a657e7654ac",
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
                    hash="63c7dabdd195c8fa2d8ce1a9b8478deadb6ec70f",
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
                    hash="ca9977c1b796da979817337b0ac2e3ce940e6272",
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
                    hash="7dc3689bbd020509dc02d144af12ee82554367a3",
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
                    hash="044ad7625b3271b2dcb39b7013ea6117c18062bc",
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
                    hash="4c8f20491c8384c9b3039962d14c4e1951b8c859",
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
                    hash="ef0955e0f62fdb77762df34282e52587f28baee1",
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
                    hash="1796b33ebcabe83703d5ca64f310b4184cf48f24",
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
                    hash="372b941d62ce6f25922d7f827ad4b3b491816b52",
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
                    hash="abb1ff7a608215c9b675a0359af79cae37a62760",
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
                    hash="8cbf6b6f03f98825949f2ddd5a20ddf34e84d199",
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
                    hash="ec793f066e0967cddb54903159ce1fe17beaac42",
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
                    hash="288dec574e0568b1dbcf20ee309ff264b724e776",
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
                    hash="8e581e79cb1faac46109c53a14364b5443a227d1",
                    model="users.user_user_permissions",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_773a8",
                    table="users_user_user_permissions",
                ),
            ),
        ),
    ]
