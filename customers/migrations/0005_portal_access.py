from django.db import migrations

VERIFIED = """
CREATE FUNCTION changed_email_is_unverified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.email_verified_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER changed_email_is_unverified BEFORE UPDATE OF email ON customers_contact
    FOR EACH ROW WHEN (lower(OLD.email) <> lower(NEW.email)
        AND OLD.email_verified_at IS NOT DISTINCT FROM NEW.email_verified_at)
    EXECUTE FUNCTION changed_email_is_unverified();

CREATE INDEX contact_by_verified_email ON customers_contact (lower(email)) WHERE email_verified_at IS NOT NULL;
"""

# Links mailed to a contact who loses portal access end at once. Where the contact could have come in, by a
# verified email or a used link, the customer's log-ins end, too, and the password with them: it may be known.
ACCESS = """
CREATE FUNCTION lost_access_ends_log_ins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint;
BEGIN
    SELECT user_id INTO whose FROM customers_portallogin WHERE customer_id = OLD.customer_id;
    IF whose IS NULL OR EXISTS (
        SELECT 1 FROM customers_contact
        WHERE customer_id = OLD.customer_id AND id <> OLD.id AND lower(email) = lower(OLD.email)
          AND 'portal' = ANY (purposes)
    ) THEN
        RETURN NULL;
    END IF;
    UPDATE users_accesslink SET ended_at = now()
    WHERE user_id = whose AND lower(email) = lower(OLD.email) AND used_at IS NULL AND ended_at IS NULL;
    IF OLD.email_verified_at IS NOT NULL OR EXISTS (
        SELECT 1 FROM users_accesslink
        WHERE user_id = whose AND lower(email) = lower(OLD.email) AND used_at IS NOT NULL
    ) THEN
        DELETE FROM users_session WHERE user_id = whose;
        UPDATE users_user SET password = '!' || md5(random()::text) || md5(random()::text) WHERE id = whose;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lost_access_ends_log_ins AFTER UPDATE OF email, purposes ON customers_contact
    FOR EACH ROW WHEN (OLD.email <> '' AND 'portal' = ANY (OLD.purposes)
        AND (lower(OLD.email) <> lower(NEW.email) OR NOT 'portal' = ANY (NEW.purposes)))
    EXECUTE FUNCTION lost_access_ends_log_ins();
CREATE TRIGGER removed_contact_ends_log_ins AFTER DELETE ON customers_contact
    FOR EACH ROW WHEN (OLD.email <> '' AND 'portal' = ANY (OLD.purposes))
    EXECUTE FUNCTION lost_access_ends_log_ins();
"""

UNDO = """
DROP FUNCTION changed_email_is_unverified, lost_access_ends_log_ins CASCADE;
DROP INDEX contact_by_verified_email;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_search"), ("users", "0003_rules")]
    operations = [migrations.RunSQL("\n".join((VERIFIED, ACCESS)), UNDO)]
