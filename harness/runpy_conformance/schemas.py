"""The published JSON Schemas, made from the models: ``python -m runpy_conformance.schemas FOLDER``."""

import sys
from pathlib import Path
from typing import Any

import msgspec

from runpy_conformance.model.case import CaseFile
from runpy_conformance.model.clause import ChangesFile, ClauseFile, DisagreementsFile, ReleasesFile
from runpy_conformance.model.finding import CausesFile
from runpy_conformance.model.manifest import Manifest
from runpy_conformance.model.strength import EquivalentsFile
from runpy_conformance.model.subject import Baseline

PUBLISHED: dict[str, Any] = {
    "case": CaseFile,
    "clauses": ClauseFile,
    "changes": ChangesFile,
    "disagreements": DisagreementsFile,
    "releases": ReleasesFile,
    "baseline": Baseline,
    "equivalents": EquivalentsFile,
    "manifest": Manifest,
    "causes": CausesFile,
}
"""What each schema is of, by the name of its file."""


def schema(name: str) -> str:
    """The JSON Schema called *name*, as text."""
    made = msgspec.json.schema(PUBLISHED[name])
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
    return msgspec.json.format(msgspec.json.encode(made), indent=2).decode() + "\n"


def write(folder: Path) -> None:
    """Writes all schemas to *folder*, as ``NAME.schema.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PUBLISHED:
        (folder / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
