"""Many documents in one file: a ZIP of the stored originals, or copies in one PDF to print from."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import reverse

from billing.models import Document, Snapshot
from billing.pdf import documents as paper
from billing.selectors import sheets
from billing.services import printing
from herotill import runs
from herotill.errors import DomainError
from herotill.models import Run
from herotill.users.models import User

KIND = "documents-batch"
KEPT = timedelta(days=3)
AT_ONCE = 100
A_PDF = 500  # documents; more come as a ZIP of such PDFs
FORMS = {"zip": "the originals in a ZIP", "pdf": "copies in a PDF"}
Shelf = Iterator[list[Snapshot]]


def begin(*, form: str, actor: User, **chosen: Any) -> Run:
    """Have a run put issued documents into one file for the person; `form` is one of FORMS.

    Chosen by `documents` (ids), by `run_id` (those a month-end run issued), or by their dates from `first` to
    `last` and their `kind`, if one is given. Drafts and imported history have no print and are left out.
    Raises DomainError where nothing is left.
    """
    asked = {"form": form} | {key: value for key, value in chosen.items() if value}
    count = _wanted(asked).count()
    if not count:
        raise DomainError("There is nothing to print: drafts and imported documents have no print.")
    told = f"{count:,} document{'' if count == 1 else 's'}: {FORMS[form]}"
    return runs.start(kind=KIND, params=asked, actor=actor, title=told)


def _wanted(asked: dict[str, Any]) -> QuerySet[Document]:
    issued = Document.objects.filter(status=Document.Status.ISSUED, before=False).order_by("pk")
    if "run_id" in asked:
        return issued.filter(run_id=asked["run_id"])
    if "documents" in asked:
        return issued.filter(pk__in=asked["documents"])
    of_kind = issued.filter(kind=asked["kind"]) if "kind" in asked else issued
    return of_kind.filter(document_date__range=(asked["first"], asked["last"]))


def write(run: Run, progress: runs.Progress) -> None:
    """What the run does: the file, from the beginning if an earlier worker was lost."""
    wanted = _wanted(run.params)
    progress.expect(wanted.count())
    shelves = _shelves(wanted, progress)
    with tempfile.TemporaryFile() as file:
        name = (
            _zip(shelves, file) if run.params["form"] == "zip" else _pdf(shelves, file, progress.total or 0)
        )
        file.seek(0)
        _put_away(f"{place(run.pk)}{name}", file)


def _shelves(wanted: QuerySet[Document], progress: runs.Progress) -> Shelf:
    """The newest snapshots of the documents, some at a time; those still owed are printed now."""
    last = 0
    while some := list(wanted.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        while printing.print_some(among=some).printed:
            pass
        yield [found for _, found in sorted(printing.newest(some).items())]
        last = some[-1]
        progress.advance(len(some), documents=len(some))


def _zip(shelves: Shelf, file: IO[bytes]) -> str:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        for shelf in shelves:
            for snapshot in shelf:
                pack.writestr(filename(snapshot), printing.original(snapshot))
    return ".zip"


def _pdf(shelves: Shelf, file: IO[bytes], total: int) -> str:
    """One PDF, or where there are many documents a ZIP of several, so that memory stays flat."""
    if total <= A_PDF:
        file.write(_copies([snapshot for shelf in shelves for snapshot in shelf]))
        return ".pdf"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        for number, part in enumerate(_parts(shelves), 1):
            pack.writestr(f"documents-{number:04}.pdf", _copies(part))
    return ".zip"


def _parts(shelves: Shelf) -> Iterator[list[Snapshot]]:
    """The shelves in parts of A_PDF documents."""
    part: list[Snapshot] = []
    for shelf in shelves:
        part += shelf
        if len(part) >= A_PDF:
            yield part
            part = []
    if part:
        yield part


def _copies(snapshots: Sequence[Snapshot]) -> bytes:
    found = sheets.copies_of([one.pk for one in snapshots])
    return paper.render_many([found[one.pk] for one in snapshots])


def filename(snapshot: Snapshot) -> str:
    """What a document is called among files: INV00699-ALI001.pdf, with its version where it was corrected."""
    version = f"-v{snapshot.version}" if snapshot.version > 1 else ""
    return re.sub(r"[^\w.-]", "_", f"{snapshot.document.name}-{snapshot.code}{version}") + ".pdf"


def place(run_id: int) -> str:
    """Where the file of a run is, without its ending."""
    return f"batches/{run_id}"


def _put_away(name: str, file: IO[bytes]) -> None:
    default_storage.delete(name)
    default_storage.save(name, File(file))


def kept(run: Run) -> str:
    """The file that a run left. Raises DomainError where it is gone."""
    for ending in (".zip", ".pdf"):
        if default_storage.exists(f"{place(run.pk)}{ending}"):
            return f"{place(run.pk)}{ending}"
    raise DomainError("This file is no longer kept. Ask for the documents again.")


def result_url(run: Run) -> str:
    return reverse("billing:documents-batch", args=[run.pk])


def clear(now: datetime) -> str:
    """The job that deletes the files of old batches."""
    old = Run.objects.filter(kind=KIND, finished_at__lt=now - KEPT, finished_at__gte=now - 10 * KEPT)
    names = [f"{place(pk)}{end}" for pk in old.values_list("pk", flat=True) for end in (".zip", ".pdf")]
    there = [name for name in names if default_storage.exists(name)]
    for name in there:
        default_storage.delete(name)
    return f"Deleted {len(there)} files." if there else ""
