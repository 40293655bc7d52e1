"""Taking out of an observation what depends on the machine and not on the subject.

Paths of the run and of the interpreter become ``{root}``, ``{home}``, ``{private}``, ``{caller}``, ``{python}``,
``{stdlib}``, ``{prefix}`` and, of a module subject, ``{module}``; the interpreter's cache tag becomes ``{tag}``;
addresses of objects become ``{address}``, numbers of processes in ``/proc`` ``{pid}``, and what makes the name of a
temporary file of its own ``{random}``.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runpy_conformance.execution.sandbox import Sandbox
from runpy_conformance.model.subject import Subject

_VARYING = (
    (re.compile(r"\b0x[0-9a-fA-F]{6,}\b"), "{address}"),
    (re.compile(r"(?<=/proc/)\d+\b"), "{pid}"),
    (re.compile(r"(\{home\}/\w*?)[a-z0-9_]{8}(?!\w)"), r"\1{random}"),
)
"""What differs from run to run. The last is how `tempfile` makes names; it puts them into the home of a run."""
AGENT = Path(__file__).with_name("agent.py")
_CALLERS = [str(AGENT.with_name(name)) for name in ("agent.py", "calling.py", "once.py")]


class Normaliser:
    """Replaces texts by placeholders in JSON values. Applying it twice changes nothing more.

    *says* are regular expressions of what the subject itself writes to standard streams.
    """

    def __init__(self, replacements: Mapping[str, str], says: Sequence[str] = ()) -> None:
        self.own_words = re.compile("|".join(f"(?:{pattern})" for pattern in says) or r"(?!)", re.MULTILINE)
        self.replacements = {actual: name for actual, name in replacements.items() if actual}
        longest_first = sorted(self.replacements, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def text(self, value: str) -> str:
        value = self.pattern.sub(lambda match: self.replacements[match[0]], value)
        for pattern, name in _VARYING:
            value = pattern.sub(name, value)
        return value

    def stream(self, text: str) -> str:
        """A standard stream without the subject's own words, texts replaced."""
        return self.text(self.own_words.sub("", text))

    def __call__(self, value: Any) -> Any:
        """*value* with all its strings replaced, keys of tables included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self(item) for key, item in value.items()}
        return value


def normaliser(subject: Subject, sandbox: Sandbox) -> Normaliser:
    """For what *subject* does in *sandbox*."""
    host = subject.host
    return Normaliser(
        {
            str(sandbox.root): "{root}",
            str(sandbox.home): "{home}",
            str(sandbox.private): "{private}",
            **dict.fromkeys(_CALLERS, "{caller}"),
            **dict.fromkeys(subject.pythonpath, "{module}"),
            host.stdlib: "{stdlib}",
            host.path: "{python}",
            **({host.prefix: "{prefix}"} if len(host.prefix) > len("/usr") else {}),
            **({f".{host.cache_tag}.": ".{tag}."} if host.cache_tag else {}),
        },
        subject.says,
    )
