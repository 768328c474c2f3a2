"""Call records as a kind of file that `import_csv` knows."""

from __future__ import annotations

from dataaccounts.services.calls import by_command
from herotill.imports.whole import WholeFile, whole_files

whole_files.register(WholeFile("cdrs", by_command.taken_in, by_command.taken_back))
