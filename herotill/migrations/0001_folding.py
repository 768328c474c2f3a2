from django.db import migrations

FOLD = r"""
CREATE FUNCTION house_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(
    regexp_replace(
        normalize(
            translate(
                replace(replace(replace(replace(replace(replace(replace(replace(
                    value, 'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'), 'þ', 'th'), 'Þ', 'th'),
                'øØđĐðÐłŁıŋŊ', 'ooddddllinn'
            ),
            NFKD
        ),
        '[\u0300-\u036f]', '', 'g'
    ) COLLATE "C"
);
"""


# A letter can fold to eighteen, and an index row holds 2,700 bytes: so a key has an end.
KEY = """
CREATE FUNCTION house_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN left(house_fold(value), 200);
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RunSQL(FOLD + KEY, "DROP FUNCTION house_key(text); DROP FUNCTION house_fold(text)")
    ]
