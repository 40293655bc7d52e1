"""Script files on the command line: the names they see and the code in them.

The interpreter reads these files by itself, by rules of its own: they are not those of `run_path`, which `paths` has.

Sources: Using Python, "Command line and environment"; language reference, "Special considerations for `__main__`" and
"Lexical analysis".
"""

from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from importlib.util import MAGIC_NUMBER
from marshal import loads
from types import CodeType

from .execute import names_for_script
from .paths import BYTECODE_HEADER_SIZE, compile_source
from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .execute import Namespace


def put_names(namespace: "Namespace", location: str, content: bytes) -> None:
    """Give *namespace* the special names of a script; `__package__` and `__spec__` are `None`.

    Clauses: CSA-05, CSA-07, CSA-08, CSA-09, CSA-10, MAI-07, REL-06.
    """
    kind = SourcelessFileLoader if is_compiled(location, content) else SourceFileLoader
    namespace.update(names_for_script("__main__", location, None, kind("__main__", location)))


def forget_names(namespace: "Namespace") -> None:
    """Take away the names that only a running script has.

    Clauses: CSA-11.
    """
    namespace.pop("__file__", None)
    if HOST.removes_script_cached:
        namespace.pop("__cached__", None)


def is_compiled(location: str, content: bytes) -> bool:
    """Whether the script is bytecode: by its suffix, or by the first half of its magic number.

    Clauses: CSA-12.
    """
    return location.endswith(".pyc") or content.startswith(MAGIC_NUMBER[:2])


def code_in(content: bytes, location: str, skips_line: bool) -> CodeType:
    """The code in a script file; if it is source, without its first line when *skips_line* is true.

    Raises `SyntaxError` for bad source; `RuntimeError` or `EOFError` for bad bytecode.

    Clauses: CSA-12, CSA-13, CSA-19, CSA-20, CSA-21.
    """
    if is_compiled(location, content):
        return bytecode_in(content)
    if skips_line:
        content = content[content.find(b"\n") :] if b"\n" in content else b""
    refuse_undeclared_bytes(content, location)
    if b"\0" in content:
        content = source_around_nul(content, location)
    return compile_source(content, location, "__main__")


def bytecode_in(content: bytes) -> CodeType:
    """The code object in a compiled script.

    Clauses: CSA-12, CSA-13.
    """
    is_short = len(content) < len(MAGIC_NUMBER)
    if HOST.short_script_has_bad_magic if is_short else not content.startswith(MAGIC_NUMBER):
        raise RuntimeError("Bad magic number in .pyc file")
    if len(content) < BYTECODE_HEADER_SIZE:
        raise EOFError("EOF read where not expected")
    try:
        code = loads(content[BYTECODE_HEADER_SIZE:])
    except Exception:
        code = None
    if not isinstance(code, CodeType):
        raise RuntimeError("Bad code object in .pyc file")
    return code


def refuse_undeclared_bytes(source: bytes, location: str) -> None:
    """Raise `SyntaxError` if *source* is not UTF-8 and declares no other encoding; `compile` lets comments pass.

    Clauses: CSA-20, CSA-25.
    """
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        from tokenize import detect_encoding

        lines = source.decode(errors="ignore").replace("\0", "").encode().splitlines(True)
        if detect_encoding(iter(lines).__next__)[0] == "utf-8":
            number = source[: error.start].count(b"\n") + 1
            message = "Non-UTF-8 code starting with '\\x%02x' in file %s on line %d, but no encoding declared"
            raise SyntaxError(message % (source[error.start], location, number)) from None


def source_around_nul(source: bytes, location: str) -> bytes:
    """What the parser of files makes of *source* with a NUL byte in it.

    In older versions the byte hides the rest of its line, line end included. Raises `SyntaxError` in newer ones.

    Clauses: CSA-21.
    """
    if HOST.tolerates_nul:
        return b"".join(line.partition(b"\0")[0] for line in source.splitlines(True))
    lines = source[: source.index(b"\0") + 1].splitlines()
    text = lines[-1][:-1].decode("utf-8", "replace")
    raise SyntaxError("source code cannot contain null bytes", (location, len(lines), None, text))
