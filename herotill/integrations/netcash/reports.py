"""The load report: what became of a file that was handed in. Read by how its lines begin; columns vary."""

from __future__ import annotations

from herotill.integrations.netcash import LoadReport, Refused

BEGIN, ERROR, REFERENCE = "###BEGIN", "###ERROR", "Acc Ref"
LOADED = ("SUCCESSFUL", "SUCCESSFUL WITH ERRORS")


def read(text: str) -> LoadReport:
    """Raises Refused for what is no load report."""
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()]
    begin = next((line for line in lines if line.startswith(BEGIN)), None)
    errors = tuple(_said(line) for line in lines if line.startswith(ERROR))
    if begin is None and not errors:
        raise Refused("Netcash gave a load report that cannot be read.")
    cells = [cell.strip() for cell in (begin or BEGIN).split("\t")]
    told = {cell.upper() for cell in cells[1:]}
    return LoadReport(
        loaded=not errors and bool(told & set(LOADED)),
        name=cells[1] if len(cells) > 1 else "",
        errors=errors,
        lines=dict(_line(line) for line in lines if line.startswith(REFERENCE)),
        raw=text,
    )


def _said(line: str) -> str:
    """The words of `###ERROR: words<tab>sum<tab>day`."""
    return line.removeprefix(ERROR).lstrip(": \t").split("\t")[0].strip()[:200]


def _line(line: str) -> tuple[str, str]:
    """Reference and words of `Acc Ref :1158<tab>Line :6<tab>words<tab>more`."""
    cells = [cell.strip() for cell in line.split("\t")]
    reference = cells[0].partition(":")[2].strip()
    words = [cell for cell in cells[1:] if cell and not cell.startswith("Line")]
    return reference, (words[0] if words else "Refused")[:200]
