"""How a program's end is reported: by the interpreter, and without the launcher.

Sources: `sys.excepthook`; C API, "Interpreter initialization and finalization"; Using Python, "Command line and
environment".
"""

import os
import sys

from .startup import LAUNCHER_DIRECTORY
from .versions import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Callable, Optional, Type


class Reporting:
    """Context in which a program runs: what it raises is going to be reported without the launcher's frames.

    The exception goes on to the interpreter, which reports it and ends the process as it always does. Only the
    exception hook is wrapped for this one call. *shows_interpreter* keeps the frames of the `runpy` under the launcher,
    which are there as well when the interpreter itself runs the program. *finish* is called when the program is over;
    before the versions that changed this, that is after the report, and never if `SystemExit` ends the process.

    Clauses: CME-03, CME-05, CME-16, CSA-11, EXI-01, EXI-05, EXI-19.
    """

    def __init__(self, shows_interpreter: bool, finish: "Callable[[], None]" = lambda: None) -> None:
        self.shows_interpreter = shows_interpreter
        self.finish = finish

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: "Optional[Type[BaseException]]", error: object, traceback: object) -> None:
        if kind is None or HOST.removes_script_names_before_report:
            self.finish()
        if kind is not None and (sys.flags.inspect or not issubclass(kind, SystemExit)):
            self.wrap_hook()

    def wrap_hook(self) -> None:
        """Have the next call of `sys.excepthook` report without the launcher; after that the hook is as before."""
        hook = getattr(sys, "excepthook", None)
        if hook is None:
            return

        def report(kind: "Type[BaseException]", error: BaseException, traceback: "Optional[TracebackType]") -> None:
            sys.excepthook = hook
            sys.last_traceback = traceback = without_launcher(traceback, self.shows_interpreter)
            try:
                hook(kind, error.with_traceback(traceback), traceback)
            finally:
                self.finish()

        sys.excepthook = report


def report_current() -> None:
    """Report the exception being handled, as one that nobody caught, without the launcher's frames.

    Clauses: CDZ-16.
    """
    kind, error, traceback = sys.exc_info()
    assert kind is not None and error is not None
    traceback = without_launcher(traceback, False)
    sys.excepthook(kind, error.with_traceback(traceback), traceback)


def without_launcher(traceback: "Optional[TracebackType]", shows_interpreter: bool) -> "Optional[TracebackType]":
    """*traceback* without the launcher's frames, and without those before them unless *shows_interpreter*.

    Where tracebacks cannot be linked anew, the frames before go as well; if that leaves nothing, everything stays.

    Clauses: CME-05, CSA-26.
    """
    last_before, rest = None, traceback
    while rest is not None and not is_launcher(rest):
        last_before, rest = rest, rest.tb_next
    while rest is not None and is_launcher(rest):
        rest = rest.tb_next
    if last_before is None or not shows_interpreter:
        return rest
    if not HOST.links_tracebacks:
        return rest or traceback
    last_before.tb_next = rest
    return traceback


def is_launcher(traceback: "TracebackType") -> bool:
    """Whether the first frame of *traceback* runs code of this package."""
    return os.path.dirname(traceback.tb_frame.f_code.co_filename) == LAUNCHER_DIRECTORY


def complain(message: str) -> None:
    """Write *message* to the standard error stream, if there is one."""
    if sys.stderr is not None:
        sys.stderr.write(message)


def flush_streams() -> None:
    """Flush the standard output streams, as the interpreter does after the code of a script; failure is ignored.

    Clauses: EXI-07, EXI-10, EXI-18.
    """
    for name in ("stderr", "stdout"):
        try:
            getattr(sys, name).flush()
        except Exception:
            pass
