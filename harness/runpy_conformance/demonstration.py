"""Whether a demonstration shows what its page says. Pure functions."""

import re

CUT = "…"
"""In what is written, stands for any characters of a line; as a line of its own, for any lines."""


def shows(printed: str, *written: str) -> bool:
    """Whether *printed* is what is *written*, one text behind the other."""
    lines = [line for text in written if text for line in text.strip("\n").split("\n")]
    pattern = "".join(r"(?:.*\n)*?" if line == CUT else rf"{_of_line(line)}\n" for line in lines)
    return re.fullmatch(pattern, visible(printed).strip("\n") + "\n") is not None


def visible(text: str) -> str:
    """*text* with control characters as Python would write them, ``\\x1b``."""
    return re.sub(r"[^\n\t -~\x80-\U0010ffff]|[\x7f-\x9f]", lambda found: rf"\x{ord(found[0]):02x}", text)


def _of_line(line: str) -> str:
    return ".*?".join(map(re.escape, line.split(CUT)))
