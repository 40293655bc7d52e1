"""The command line: ``-m NAME …`` and ``PATH …``, as the interpreter itself starts them.

Sources: Using Python, "Command line and environment"; library reference, "`__main__`" and "The initialization of the
`sys.path` module search path"; language reference, "Special considerations for `__main__`"; audit events table.
"""

import os
import sys

from . import paths, reporting, scripts, startup
from .execute import execute, names_from_spec
from .locate import Located, locate_main, locate_module
from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, NoReturn, Optional, Type

    from .execute import Namespace

USAGE = """usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...
Try `python -h' for more information.
"""


class NothingToRun(ImportError):
    """What the command line names cannot be run; the message is all that the user gets to see."""


class Request:
    """What the command line asks for: a module or a path (*target*), and the arguments for it."""

    __slots__ = ("is_module", "target", "arguments")

    def __init__(self, is_module: bool, target: str, arguments: "List[str]") -> None:
        self.is_module = is_module
        self.target = target
        self.arguments = arguments


def start(run_by_path: bool) -> None:
    """Run the program that `sys.argv` asks for, in the namespace of `__main__`.

    *run_by_path* tells that this launcher was started by its directory, and not by ``-m``. Returns when the program
    ends; raises what it raises, so that status, signals and the interactive mode stay the interpreter's business.

    Clauses: CMM-01, CMM-11, CMA-05, CMA-06, CSA-01, CDZ-04, EXI-01, EXI-02, EXI-03, EXI-04, EXI-05, EXI-08, EXI-10,
    MAI-02, MAI-04, MAI-05.
    """
    request = read_arguments(sys.argv[1:])
    skips_line = startup.skips_first_line()
    startup.withdraw_launcher(run_by_path)
    sys.argv[:] = ["-m" if request.is_module else request.target] + request.arguments
    namespace = startup.fresh_main()
    if request.is_module:
        run_module_program(request.target)
    else:
        run_path_program(request.target, namespace, skips_line)


def read_arguments(arguments: "List[str]") -> Request:
    """Take the command line apart. The first thing that is not an option ends the options; so does ``-m NAME``.

    Clauses: CMA-01, CMA-02, CMA-03, CME-02, CSA-14, CSA-23, EXI-06, EXI-17.
    """
    options_have_ended = arguments[:1] == ["--"]
    words = arguments[1:] if options_have_ended else arguments
    if not words:
        refuse("")
    first, rest = words[0], words[1:]
    if options_have_ended or not first.startswith("-"):
        return Request(False, first, rest)
    if first.startswith("--"):
        refuse(unknown_long_option(first))
    if not first.startswith("-m"):
        refuse("Unknown option: %s\n" % first[:2])
    if first != "-m":
        return Request(True, first[2:], rest)
    if not rest:
        refuse("Argument expected for the -m option\n")
    return Request(True, rest[0], rest[1:])


def unknown_long_option(option: str) -> str:
    """What is said of an option of two dashes that there is not.

    Clauses: EXI-17.
    """
    if HOST.calls_long_options_otherwise:
        return "unknown option %s\n" % option
    return "Unknown option: %s\n" % (option if HOST.names_long_options else "--")


def refuse(message: str) -> "NoReturn":
    """End the process over a command line that makes no sense.

    Clauses: CME-02, EXI-06.
    """
    reporting.complain(message + USAGE % startup.program_name())
    sys.exit(2)


def run_module_program(name: str) -> None:
    """Run ``-m NAME``: the start directory comes first on `sys.path`, and `sys.argv[0]` is the module's origin.

    Raises `IndexError` if a package on the way has emptied `sys.argv`.

    Clauses: CMM-01, CMM-11, CMM-12, CMM-13, CMM-14, CMM-17, CMM-18, CMM-20, CMM-22, CMA-04, CMA-05, CMA-08, CMA-10,
    CMA-16, CMA-17, CME-01, CME-03, CME-08, CME-09, CME-11, THR-03, MAI-06, MAI-09, MAI-10, MAI-18.
    """
    with reporting.Reporting(shows_interpreter=True):
        startup.put_first(startup.start_directory())
        startup.audit("cpython.run_module", name)
        found = locate_or_exit(lambda failure: locate_module(name, failure))
        namespace = startup.main_namespace()
        sys.argv[0] = found.spec.origin  # type: ignore[assignment]
        execute(found.code, namespace, names_from_spec("__main__", found.spec))


def run_path_program(path: str, namespace: "Namespace", skips_line: bool) -> None:
    """Run ``PATH``: an entry for `sys.path` if a path hook takes it, otherwise a script.

    Only for a script does it matter whether the interpreter is to skip the first line.

    Clauses: CDZ-20, CSA-01, CSA-05, CSA-06, CSA-23, CDZ-01, CDZ-03, CDZ-14, CDZ-15, RPE-11.
    """
    location = startup.program_path(path)
    if is_path_entry(location):
        run_entry_program(location)
    else:
        run_script_program(path, location, namespace, skips_line)


def is_path_entry(location: str) -> bool:
    """Whether some path hook accepts *location*. A hook that breaks is reported, and counts as refusal.

    Unlike `run_path`, this keeps refusals in `sys.path_importer_cache`.

    Clauses: CDZ-15, CDZ-16, THR-10.
    """
    if location not in sys.path_importer_cache:
        sys.path_importer_cache[location] = None
        try:
            sys.path_importer_cache[location] = paths.ask_path_hooks(location)
        except Exception:
            reporting.complain("Failed checking if argv[0] is an import path entry\n")
            reporting.report_current()
    return sys.path_importer_cache[location] is not None


def run_entry_program(entry: str) -> None:
    """Run the `__main__` in *entry*, which comes first on `sys.path`, be the path safe or not.

    Clauses: CDZ-01, CDZ-02, CDZ-04, CDZ-05, CDZ-06, CDZ-07, CDZ-08, CDZ-09, CDZ-10, CDZ-17, CDZ-21, THR-06, MAI-06,
    MAI-19.
    """
    with reporting.Reporting(shows_interpreter=True):
        startup.put_first(entry)
        startup.audit("cpython.run_module", "__main__")
        found = locate_or_exit(locate_main)
        execute(found.code, startup.main_namespace(), names_from_spec("__main__", found.spec))


def run_script_program(path: str, location: str, namespace: "Namespace", skips_line: bool) -> None:
    """Run the file *path*, known to the program as *location*. Its names go away again when it has ended.

    Clauses: CSA-01, CSA-03, CSA-11, CSA-16, CSA-17, CSA-22, THR-04, THR-05, THR-10, MAI-07, MAI-14.
    """
    with reporting.Reporting(shows_interpreter=False, finish=lambda: scripts.forget_names(namespace)):
        startup.put_first(startup.script_directory(path))
        startup.audit("cpython.run_file", location)
        content = read_or_exit(location)
        if content is not None:
            scripts.put_names(namespace, location, content)
            code = scripts.code_in(content, location, skips_line)
            try:
                execute(code, namespace, {}, caller="sys")
            finally:
                reporting.flush_streams()


def locate_or_exit(locate: "Callable[[Type[ImportError]], Located]") -> Located:
    """What *locate* finds; if that is nothing to run, end the process with one line about it and status 1.

    Clauses: CME-01, CME-04, CME-10, CMM-02, CMM-07, CMM-20, CDZ-17.
    """
    try:
        return locate(NothingToRun)
    except NothingToRun as error:
        sys.exit("%s: %s" % (sys.executable, error))


def read_or_exit(location: str) -> "Optional[bytes]":
    """The content of the script at *location*; if it cannot be opened, end the process as the interpreter does.

    `None` means that there is no program, and that the interpreter is going on to its interactive session.

    Clauses: CSA-16, CSA-17, THR-05.
    """
    if os.path.isdir(location):
        reporting.complain("%s: '%s' is a directory, cannot continue\n" % (startup.program_name(), location))
        sys.exit(1)
    try:
        with paths.open_code(location) as stream:
            return stream.read()
    except OSError as error:
        message = "%s: can't open file '%s': [Errno %s] %s\n"
        reporting.complain(message % (startup.program_name(), location, error.errno, error.strerror))
    if not sys.flags.inspect:
        sys.exit(2)
    return None
