"""Any uploaded file as a sheet of rows."""

from __future__ import annotations

from herotill.imports.reading import Sheet, UnreadableFile, read_csv
from herotill.imports.workbooks import read_xlsx

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def open_sheet(data: bytes) -> Sheet:
    """The rows in `data`, by what it holds and not by its name. Raises UnreadableFile."""
    if data.startswith(_OLD_OFFICE):
        raise UnreadableFile("This is an old or protected workbook. Save it as XLSX or CSV.")
    return read_xlsx(data) if data.startswith(_ZIP) else read_csv(data)
