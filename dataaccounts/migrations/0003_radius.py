"""What FreeRADIUS reads and writes: the secrets, the views, the answers it gave, and its role.

An account's `id * 8 + n` numbers its rows. A view is asked for one user, one group or one router at a time,
and reaches that one by an index.
"""

from django.db import migrations

# FreeRADIUS takes a value between equal quotes apart, and runs one between back quotes; neither may be a password.
SECRETS = r"""
CREATE TABLE radius_password (
    account_id bigint PRIMARY KEY REFERENCES dataaccounts_dataaccount ON DELETE CASCADE,
    password text COLLATE "C" NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT radius_password_freeradius_takes CHECK (
        password ~ '^[ -~]{1,128}$' AND NOT (password ~ '^[''"`]' AND left(password, 1) = right(password, 1)))
);
CREATE TABLE radius_nas_secret (
    nas_id bigint PRIMARY KEY REFERENCES dataaccounts_nas ON DELETE CASCADE,
    secret text COLLATE "C" NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT radius_nas_secret_freeradius_takes CHECK (secret ~ '^[!#-&(-\[\]-_a-~]{8,60}$')
);
CREATE FUNCTION radius_password_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO house_auditevent (at, operation, model, object_id, customer_id, name, old, new,
        actor_id, act, source, ip, run_id)
    SELECT clock_timestamp(), 'change', 'dataaccounts.dataaccount', a.id::text, a.customer_id, a.username,
        CASE TG_OP WHEN 'UPDATE' THEN jsonb_build_object('password', '••••') ELSE '{}' END,
        jsonb_build_object('password', '••••'),
        coalesce(stamp.actor_id, nullif(current_setting('radius.person', true), '')::bigint),
        stamp.act, stamp.source, stamp.ip, stamp.run_id
    FROM written w JOIN dataaccounts_dataaccount a ON a.id = w.account_id, house_audit_stamp() AS stamp;
    RETURN NULL;
END $$;
CREATE FUNCTION radius_nas_secret_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO house_auditevent (at, operation, model, object_id, customer_id, name, old, new,
        actor_id, act, source, ip, run_id)
    SELECT clock_timestamp(), 'change', 'dataaccounts.nas', n.id::text, NULL, n.name,
        CASE TG_OP WHEN 'UPDATE' THEN jsonb_build_object('secret', '••••') ELSE '{}' END,
        jsonb_build_object('secret', '••••'),
        coalesce(stamp.actor_id, nullif(current_setting('radius.person', true), '')::bigint),
        stamp.act, stamp.source, stamp.ip, stamp.run_id
    FROM written w JOIN dataaccounts_nas n ON n.id = w.nas_id, house_audit_stamp() AS stamp;
    RETURN NULL;
END $$;
CREATE TRIGGER told_when_first AFTER INSERT ON radius_password REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION radius_password_written();
CREATE TRIGGER told_when_changed AFTER UPDATE ON radius_password REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION radius_password_written();
CREATE TRIGGER told_when_first AFTER INSERT ON radius_nas_secret REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION radius_nas_secret_written();
CREATE TRIGGER told_when_changed AFTER UPDATE ON radius_nas_secret REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION radius_nas_secret_written();

CREATE FUNCTION radius_secrets_write(kind text, ids bigint[], secrets text[], person bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE how_many bigint;
BEGIN
    PERFORM set_config('radius.person', coalesce(person::text, ''), true);
    IF kind = 'password' THEN
        INSERT INTO radius_password (account_id, password) SELECT * FROM unnest(ids, secrets)
        ON CONFLICT (account_id) DO UPDATE SET password = excluded.password, changed_at = now();
    ELSE
        INSERT INTO radius_nas_secret (nas_id, secret) SELECT * FROM unnest(ids, secrets)
        ON CONFLICT (nas_id) DO UPDATE SET secret = excluded.secret, changed_at = now();
    END IF;
    GET DIAGNOSTICS how_many = ROW_COUNT;
    PERFORM set_config('radius.person', '', true);
    RETURN how_many;
END $$;
CREATE FUNCTION radius_secret_reveal(kind text, whose bigint, person bigint, why text, source text, ip inet) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    IF kind = 'password' THEN
        INSERT INTO house_secretreveal (model, object_id, customer_id, name, field, actor_id, reason, source, ip)
        SELECT 'dataaccounts.dataaccount', a.id::text, a.customer_id, a.username, 'password', person, why, source, ip
        FROM dataaccounts_dataaccount a WHERE a.id = whose;
        SELECT password INTO found FROM radius_password WHERE account_id = whose;
    ELSE
        INSERT INTO house_secretreveal (model, object_id, customer_id, name, field, actor_id, reason, source, ip)
        SELECT 'dataaccounts.nas', n.id::text, NULL, n.name, 'secret', person, why, source, ip
        FROM dataaccounts_nas n WHERE n.id = whose;
        SELECT secret INTO found FROM radius_nas_secret WHERE nas_id = whose;
    END IF;
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION radius_secrets_write, radius_secret_reveal FROM PUBLIC;
"""
NO_SECRETS = """
DROP FUNCTION radius_secrets_write, radius_secret_reveal;
DROP TABLE radius_password, radius_nas_secret;
DROP FUNCTION radius_password_written, radius_nas_secret_written;
"""

# An empty field takes its part in square brackets with it, and outside of brackets the whole value.
TEMPLATES = r"""
ALTER TABLE dataaccounts_vendorattribute ADD CONSTRAINT vendor_value_of_known_fields CHECK (
    value ~ '^[^''"`\\]+$' AND regexp_replace(value, '\{(package|pool|down_kbit|up_kbit|down_bit|up_bit|burst_down_kbit'
    || '|burst_up_kbit|burst_seconds|threshold_down_kbit|threshold_up_kbit)\}', '', 'g') !~ '[{}]');
CREATE FUNCTION radius_filled(template text, package text, pool text, down bigint, up bigint, burst_down bigint,
    burst_up bigint, seconds integer) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE filled text := template;
BEGIN
    IF strpos(filled, '{') > 0 THEN
        filled := replace(replace(replace(replace(filled, '{down_kbit}', coalesce(down::text, E'\x01')),
            '{up_kbit}', coalesce(up::text, E'\x01')),
            '{down_bit}', coalesce(least(down * 1000, 4294967295)::text, E'\x01')),
            '{up_bit}', coalesce(least(up * 1000, 4294967295)::text, E'\x01'));
        filled := replace(replace(replace(replace(replace(filled, '{burst_down_kbit}', coalesce(burst_down::text, E'\x01')),
            '{burst_up_kbit}', coalesce(burst_up::text, E'\x01')),
            '{threshold_down_kbit}', coalesce((down * 3 / 4)::text, E'\x01')),
            '{threshold_up_kbit}', coalesce((up * 3 / 4)::text, E'\x01')),
            '{burst_seconds}', coalesce(seconds::text, E'\x01'));
        filled := replace(replace(filled, '{pool}', coalesce(nullif(pool, ''), E'\x01')),
            '{package}', coalesce(translate(package, E'''"`\\[]', ''), E'\x01'));
    END IF;
    IF strpos(filled, '[') > 0 THEN
        filled := translate(regexp_replace(filled, E'\\[[^]]*\x01[^]]*\\]', '', 'g'), '[]', '');
    END IF;
    RETURN CASE WHEN strpos(filled, E'\x01') = 0 AND strpos(filled, '{') = 0 THEN filled END;
END $$;
INSERT INTO dataaccounts_vendortemplate (name, slug, can_change_speed) VALUES
    ('MikroTik', 'mikrotik', true), ('Standard (WISPr)', 'standard', false), ('accel-ppp', 'accel-ppp', true);
INSERT INTO dataaccounts_vendorattribute (vendor_id, answers, attribute, value, changes_live)
SELECT v.id, t.answers, t.attribute, t.value, t.changes_live FROM dataaccounts_vendortemplate v JOIN (VALUES
    ('mikrotik', 'service', 'Mikrotik-Rate-Limit', '{up_kbit}k/{down_kbit}k[ {burst_up_kbit}k/{burst_down_kbit}k'
        || ' {threshold_up_kbit}k/{threshold_down_kbit}k {burst_seconds}/{burst_seconds}]', true),
    ('mikrotik', 'suspended', 'Mikrotik-Rate-Limit', '64k/64k', true),
    ('mikrotik', 'suspended', 'Mikrotik-Address-List', 'suspended', false),
    ('standard', 'service', 'WISPr-Bandwidth-Max-Up', '{up_bit}', false),
    ('standard', 'service', 'WISPr-Bandwidth-Max-Down', '{down_bit}', false),
    ('standard', 'suspended', 'WISPr-Bandwidth-Max-Up', '64000', false),
    ('standard', 'suspended', 'WISPr-Bandwidth-Max-Down', '64000', false),
    ('standard', 'suspended', 'Filter-Id', 'suspended', false),
    ('accel-ppp', 'service', 'Filter-Id', '{down_kbit}/{up_kbit}', true),
    ('accel-ppp', 'suspended', 'Filter-Id', '64/64', true)
) AS t(slug, answers, attribute, value, changes_live) ON t.slug = v.slug;
"""
NO_TEMPLATES = """
DELETE FROM dataaccounts_vendorattribute WHERE vendor_id IN
    (SELECT id FROM dataaccounts_vendortemplate WHERE slug IN ('mikrotik', 'standard', 'accel-ppp'));
DELETE FROM dataaccounts_vendortemplate v WHERE slug IN ('mikrotik', 'standard', 'accel-ppp')
    AND NOT EXISTS (SELECT FROM dataaccounts_nas n WHERE n.vendor_id = v.id);
ALTER TABLE dataaccounts_vendorattribute DROP CONSTRAINT vendor_value_of_known_fields;
DROP FUNCTION radius_filled;
"""

# Why an account is not let in, whoever asks with whatever password; null for one that is.
VIEWS = r"""
CREATE INDEX radius_nas_by_name ON dataaccounts_nas (host(address));
CREATE INDEX radius_package_by_group ON dataaccounts_package (('package-' || id::text));

CREATE VIEW radius_account AS
SELECT a.id, a.username, a.static_ip, a.expires_at, p.mac_lock, p.sessions, a.state = 'suspended' AS walled,
    CASE WHEN a.capped_at IS NOT NULL AND p.when_capped = 'reduce' THEN coalesce(p.once_capped_id, p.id)
        ELSE p.id END AS package_id,
    CASE WHEN a.state = 'waiting' THEN 'Not active yet'
        WHEN a.state = 'cancelled' THEN 'Cancelled'
        WHEN a.state = 'suspended' AND (SELECT r.suspended FROM dataaccounts_networkrules r WHERE r.only) = 'reject'
            THEN 'Suspended'
        WHEN a.expires_at <= now() THEN 'Expired'
        WHEN a.capped_at IS NOT NULL AND p.when_capped = 'block' THEN 'Capped' END AS refused
FROM dataaccounts_dataaccount a JOIN dataaccounts_package p ON p.id = a.package_id;

CREATE VIEW radcheck AS
SELECT a.id * 8 + row.n AS id, a.username, row.attribute, row.op, row.value
FROM radius_account a
LEFT JOIN radius_password w ON w.account_id = a.id
CROSS JOIN LATERAL (VALUES
    (0, 'Auth-Type', ':=', CASE WHEN a.refused IS NOT NULL THEN 'Reject' END),
    (1, 'Calling-Station-Id', '!~', CASE WHEN a.refused IS NULL THEN
        (SELECT '^(' || string_agg(d.mac, '|') || ')$' FROM dataaccounts_device d
            WHERE d.account_id = a.id AND d.state = 'blocked') END),
    (2, 'Calling-Station-Id', '=~', CASE WHEN a.refused IS NULL AND a.mac_lock THEN
        (SELECT '^(' || string_agg(d.mac, '|') || ')$' FROM dataaccounts_device d
            WHERE d.account_id = a.id AND d.state = 'authorised') END),
    (3, 'Simultaneous-Use', ':=', CASE WHEN a.refused IS NULL THEN a.sessions::text END),
    (4, 'Cleartext-Password', ':=', CASE WHEN a.refused IS NULL THEN replace(w.password, '\', '\\') END)
) AS row(n, attribute, op, value)
WHERE row.value IS NOT NULL;

CREATE VIEW radreply AS
SELECT a.id * 8 + row.n AS id, a.username, row.attribute, ':=' AS op, row.value
FROM radius_account a
JOIN dataaccounts_package p ON p.id = a.package_id
CROSS JOIN LATERAL (VALUES
    (0, 'Framed-IP-Address', CASE WHEN family(a.static_ip) = 4 THEN host(a.static_ip) END),
    (1, 'Framed-IPv6-Address', CASE WHEN family(a.static_ip) = 6 THEN host(a.static_ip) END),
    (2, 'Framed-Pool', CASE WHEN a.static_ip IS NULL THEN nullif(p.pool, '') END),
    (3, 'Session-Timeout', least(p.session_seconds, ceil(extract(epoch FROM a.expires_at - now())), 4294967295)::bigint::text),
    (4, 'Idle-Timeout', p.idle_seconds::text)
) AS row(n, attribute, value)
WHERE a.refused IS NULL AND row.value IS NOT NULL
    AND NOT (row.n = 3 AND p.session_seconds IS NULL AND a.expires_at IS NULL);

CREATE VIEW radusergroup AS
SELECT a.id * 8 AS id, a.username, 1 AS priority,
    CASE WHEN a.walled THEN 'suspended' ELSE 'package-' || a.package_id::text END AS groupname
FROM radius_account a WHERE a.refused IS NULL;

CREATE VIEW radgroupcheck AS
SELECT NULL::bigint AS id, NULL::text AS groupname, NULL::text AS attribute, '=='::text AS op, NULL::text AS value
WHERE false;

CREATE VIEW radgroupreply AS
SELECT p.id * 1000000 + t.id AS id, 'package-' || p.id::text AS groupname, t.attribute, '=' AS op, filled.value,
    v.slug AS make
FROM dataaccounts_package p
CROSS JOIN dataaccounts_vendortemplate v
JOIN dataaccounts_vendorattribute t ON t.vendor_id = v.id AND t.answers = 'service'
CROSS JOIN LATERAL (SELECT radius_filled(t.value, p.name, p.pool, p.down_kbit, p.up_kbit,
    coalesce(p.burst_down_kbit, CASE WHEN p.burst_up_kbit IS NOT NULL THEN p.down_kbit END),
    coalesce(p.burst_up_kbit, CASE WHEN p.burst_down_kbit IS NOT NULL THEN p.up_kbit END),
    p.burst_seconds) AS value OFFSET 0) AS filled
WHERE filled.value IS NOT NULL
UNION ALL
SELECT t.id, 'suspended', t.attribute, '=', filled.value, v.slug
FROM dataaccounts_vendortemplate v
JOIN dataaccounts_vendorattribute t ON t.vendor_id = v.id AND t.answers = 'suspended'
CROSS JOIN LATERAL (SELECT radius_filled(t.value, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS value OFFSET 0) AS filled
WHERE filled.value IS NOT NULL;

CREATE VIEW nas AS
SELECT n.id, host(n.address) AS nasname, n.name AS shortname, v.slug AS type, NULL::integer AS ports, s.secret,
    NULL::text AS server, NULL::text AS community, ''::text AS description,
    CASE WHEN n.require_message_authenticator THEN 'yes' ELSE 'no' END AS require_ma,
    n.interim_seconds
FROM dataaccounts_nas n
JOIN dataaccounts_vendortemplate v ON v.id = n.vendor_id
LEFT JOIN radius_nas_secret s ON s.nas_id = n.id
WHERE NOT n.retired;
"""
NO_VIEWS = """
DROP VIEW radcheck, radreply, radusergroup, radgroupcheck, radgroupreply, nas, radius_account;
DROP INDEX radius_nas_by_name, radius_package_by_group;
"""

# A device stands in one form; of an account that nobody gets into, only some strangers are kept.
ANSWERS = r"""
CREATE FUNCTION radius_mac(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN told ~ '^([0-9A-Fa-f]{2}[:.-]?){5}[0-9A-Fa-f]{2}$'
    THEN regexp_replace(regexp_replace(upper(told), '[^0-9A-F]', '', 'g'), '(..)(?=.)', '\1:', 'g') END;

CREATE FUNCTION radius_device_seen(account bigint, seen text, let_in boolean, locked boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    device record;
    first boolean := false;
BEGIN
    SELECT id, state, last_seen_at INTO device FROM dataaccounts_device WHERE account_id = account AND mac = seen;
    IF let_in AND locked AND device.state IS DISTINCT FROM 'authorised' THEN
        PERFORM FROM dataaccounts_dataaccount WHERE id = account FOR NO KEY UPDATE;
        first := NOT EXISTS (SELECT FROM dataaccounts_device WHERE account_id = account AND state = 'authorised');
    END IF;
    IF device.id IS NULL THEN
        INSERT INTO dataaccounts_device (account_id, mac, state, last_seen_at)
        SELECT account, seen, CASE WHEN first THEN 'authorised' ELSE 'seen' END, now()
        WHERE let_in OR (SELECT count(*) FROM dataaccounts_device WHERE account_id = account) < 20
        ON CONFLICT (account_id, mac) DO NOTHING;
    ELSIF first THEN
        UPDATE dataaccounts_device SET state = 'authorised', last_seen_at = now() WHERE id = device.id;
    ELSIF device.last_seen_at IS NULL OR device.last_seen_at < now() - interval '1 hour' THEN
        UPDATE dataaccounts_device SET last_seen_at = now() WHERE id = device.id;
    END IF;
END $$;

CREATE FUNCTION radius_why_not(account bigint, refused text, locked boolean, seen text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE device text;
BEGIN
    IF account IS NULL THEN RETURN 'Unknown user name'; END IF;
    IF refused IS NOT NULL THEN RETURN refused; END IF;
    IF NOT EXISTS (SELECT FROM radius_password WHERE account_id = account) THEN RETURN 'No password set'; END IF;
    SELECT state INTO device FROM dataaccounts_device WHERE account_id = account AND mac = seen;
    IF device = 'blocked' THEN RETURN 'Device blocked'; END IF;
    IF locked AND device IS DISTINCT FROM 'authorised' AND EXISTS
        (SELECT FROM dataaccounts_device WHERE account_id = account AND state = 'authorised')
    THEN RETURN 'Device not known'; END IF;
    RETURN 'Wrong password';
END $$;

CREATE FUNCTION radius_login_answered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    account record;
    seen text := radius_mac(NEW.callingstationid);
    let_in boolean := NEW.reply = 'Access-Accept';
BEGIN
    NEW.pass := '';
    SELECT id, refused, mac_lock INTO account FROM radius_account WHERE username = NEW.username;
    IF let_in THEN
        NEW.reason := '';
    ELSIF coalesce(NEW.reason, '') = '' THEN
        NEW.reason := radius_why_not(account.id, account.refused, account.mac_lock, seen);
    END IF;
    IF account.id IS NOT NULL AND seen IS NOT NULL AND (let_in OR NEW.reason = 'Device not known') THEN
        PERFORM radius_device_seen(account.id, seen, let_in, account.mac_lock);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answered BEFORE INSERT ON radpostauth FOR EACH ROW EXECUTE FUNCTION radius_login_answered();
"""
NO_ANSWERS = """
DROP TRIGGER answered ON radpostauth;
DROP FUNCTION radius_login_answered, radius_why_not, radius_device_seen, radius_mac;
"""

# Where the one who migrates may not make roles, `manage.py radius_role` says what to do.
ROLE = """
CREATE FUNCTION radius_let_in(role text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
    EXECUTE format('GRANT SELECT ON radcheck, radreply, radusergroup, radgroupcheck, radgroupreply, nas TO %I', role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON radacct, nasreload TO %I', role);
    EXECUTE format('GRANT INSERT ON radpostauth TO %I', role);
END $$;
REVOKE ALL ON FUNCTION radius_let_in FROM PUBLIC;
DO $$
BEGIN
    IF (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user)
        AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'herotill_radius')
    THEN
        BEGIN
            CREATE ROLE herotill_radius NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'herotill_radius') THEN
        PERFORM radius_let_in('herotill_radius');
    END IF;
END $$;
"""
NO_ROLE = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'herotill_radius') THEN
        REVOKE ALL ON radacct, nasreload, radpostauth, radcheck, radreply, radusergroup, radgroupcheck, radgroupreply, nas
        FROM herotill_radius;
        REVOKE USAGE ON SCHEMA public FROM herotill_radius;
    END IF;
END $$;
DROP FUNCTION radius_let_in;
"""


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0002_rules"), ("house", "0007_approvals")]

    operations = [
        migrations.RunSQL(SECRETS, NO_SECRETS),
        migrations.RunSQL(TEMPLATES, NO_TEMPLATES),
        migrations.RunSQL(VIEWS, NO_VIEWS),
        migrations.RunSQL(ANSWERS, NO_ANSWERS),
        migrations.RunSQL(ROLE, NO_ROLE),
    ]
