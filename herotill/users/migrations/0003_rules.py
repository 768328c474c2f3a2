from django.db import migrations

PASSWORDS = """
CREATE FUNCTION password_ends_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users_accesslink SET ended_at = now() WHERE user_id = NEW.id AND used_at IS NULL AND ended_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER password_ends_links AFTER UPDATE OF password ON users_user
    FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password) EXECUTE FUNCTION password_ends_links();
"""

KINDS = """
CREATE FUNCTION user_kind_is_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Staff stay staff and customers stay customers.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'user_kind_is_forever';
END $$;
CREATE TRIGGER user_kind_is_forever BEFORE UPDATE OF kind ON users_user
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION user_kind_is_forever();

CREATE FUNCTION roles_are_for_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM users_user WHERE id = NEW.user_id AND kind <> 'staff') THEN
        RAISE EXCEPTION 'Customers hold no roles.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_are_for_staff';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER roles_are_for_staff AFTER INSERT OR UPDATE ON users_user_groups
    FOR EACH ROW EXECUTE FUNCTION roles_are_for_staff();

CREATE FUNCTION rights_come_from_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rights come from roles alone.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_come_from_roles';
END $$;
CREATE TRIGGER rights_come_from_roles BEFORE INSERT ON users_user_user_permissions
    FOR EACH ROW EXECUTE FUNCTION rights_come_from_roles();
"""

ADMINISTRATORS = """
CREATE FUNCTION administrators_hold_everything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM auth_group WHERE id = OLD.group_id AND name = 'administrator')
       AND EXISTS (SELECT 1 FROM auth_permission WHERE id = OLD.permission_id) THEN
        RAISE EXCEPTION 'Administrators hold every right.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'administrators_hold_everything';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER administrators_hold_everything AFTER DELETE ON auth_group_permissions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION administrators_hold_everything();
"""

APPROVALS = """
CREATE FUNCTION nobody_approves_for_themselves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM users_user_groups WHERE user_id = NEW.decided_by_id AND group_id = NEW.role_id) THEN
        RAISE EXCEPTION 'Somebody outside the role has to approve what it gets.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_approves_for_themselves';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER nobody_approves_for_themselves AFTER INSERT OR UPDATE ON users_rightsrequest
    FOR EACH ROW WHEN (NEW.outcome = 'approved' AND NEW.permission_id IS NOT NULL)
    EXECUTE FUNCTION nobody_approves_for_themselves();
"""

UNDO = """
DROP FUNCTION password_ends_links, user_kind_is_forever, roles_are_for_staff, rights_come_from_roles,
    administrators_hold_everything, nobody_approves_for_themselves CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("users", "0002_people_and_rights")]
    operations = [migrations.RunSQL("\n".join((PASSWORDS, KINDS, ADMINISTRATORS, APPROVALS)), UNDO)]
