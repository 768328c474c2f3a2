"""Who changed what, when and from where, kept by the database itself.

Triggers write every insert, change and deletion of an audited model into one table, so a screen, an
import, a job, COPY and plain SQL leave the same trace. A model joins by one line, `@audited(…)`, and the
migration that `makemigrations` then finds. Who and where come from `acting`, which the middleware enters
for requests; what runs outside it is put down to the database.
"""

from .context import acting, attach
from .declare import Subject, audited, audited_links, in_words, subjects
from .reading import Change, Entry, Trail, each, things, trail

__all__ = [
    "Change",
    "Entry",
    "Subject",
    "Trail",
    "acting",
    "attach",
    "audited",
    "audited_links",
    "each",
    "in_words",
    "subjects",
    "things",
    "trail",
]
