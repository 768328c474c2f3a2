"""The way to the imports of data accounts."""

from dataaccounts.imports import ALL, IMPORT
from herotill.imports.views import way_to

index = way_to(
    ALL,
    IMPORT,
    "Bring customers and products first. Then packages, then data accounts with their passwords; old user names"
    " only where another RADIUS goes on reporting under them. What is there already stays as it is.",
)
