"""Copies of an interpreter's runpy.py, each broken in one way: the suite rejects every one of them."""

import textwrap
from pathlib import Path

import pytest
from runpy_conformance.corpus import Corpus
from runpy_conformance.execution.batch import result
from runpy_conformance.execution.executor import Executor
from runpy_conformance.judge import excluded
from runpy_conformance.model.subject import Interpreter
from runpy_conformance.subjects.selection import Selector

BROKEN = {
    "argv-not-restored": ("alter-sys", "_ModifiedArgv0.__exit__ = lambda self, *args: None"),
    "module-not-removed": ("alter-sys", "_TempModule.__exit__ = lambda self, *args: None"),
    "alter-sys-ignored": (
        "alter-sys",
        """
        _run = run_module
        def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
            return _run(mod_name, init_globals, run_name, False)
        """,
    ),
    "run-name-ignored": (
        "run-name",
        """
        _run = run_module
        def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
            return _run(mod_name, init_globals, None, alter_sys)
        """,
    ),
    "default-name-is-main": (
        "run-name",
        """
        _run = run_module
        def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
            return _run(mod_name, init_globals, run_name or "__main__", alter_sys)
        """,
    ),
    "init-globals-filled": (
        "init-globals",
        """
        _run = run_module
        def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
            result = _run(mod_name, init_globals, run_name, alter_sys)
            if init_globals is not None:
                init_globals.update(result)
            return result
        """,
    ),
    "init-globals-win": (
        "init-globals",
        """
        _run = run_module
        def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
            result = _run(mod_name, init_globals, run_name, alter_sys)
            result.update(init_globals or {})
            return result
        """,
    ),
    "path-entry-left": (
        "run-path-sys",
        """
        _run_path = run_path
        def run_path(path_name, init_globals=None, run_name=None):
            before = list(sys.path)
            result = _run_path(path_name, init_globals, run_name)
            if path_name in result.get("__file__", "") and path_name != result.get("__file__"):
                sys.path.insert(0, path_name)
            return result
        """,
    ),
    "another-exception": (
        "run-module-errors",
        """
        _run = run_module
        def run_module(*args, **kwargs):
            try:
                return _run(*args, **kwargs)
            except ImportError as problem:
                raise LookupError(str(problem))
        """,
    ),
    "imports-instead": (
        "general",
        """
        import importlib
        def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
            return vars(importlib.import_module(mod_name))
        """,
    ),
    "no-warning": (
        "warnings",
        """
        import warnings
        _run = run_module
        def run_module(*args, **kwargs):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _run(*args, **kwargs)
        """,
    ),
    "script-runs-as-main-by-default": (
        "run-path-globals",
        """
        _run_path = run_path
        def run_path(path_name, init_globals=None, run_name="__main__"):
            return _run_path(path_name, init_globals, run_name)
        """,
    ),
}
"""By what is broken: the area whose cases find it, and lines behind a copy of runpy.py."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_runpy_is_rejected(
    name: str, tmp_path: Path, corpus: Corpus, pythons: tuple[Interpreter, ...]
) -> None:
    area, lines = BROKEN[name]
    host = pythons[-1]
    source = Path(host.stdlib, "runpy.py").read_text(encoding="utf-8")
    (tmp_path / "broken.py").write_text(f"{source}\n{textwrap.dedent(lines)}\n", encoding="utf-8")
    (tmp_path / "made").mkdir()
    sound, broken = Selector(tmp_path / "made").select(
        [f"python:{host.path}", f"runpy:{tmp_path / 'broken.py'}@{host.path}"]
    )
    with Executor(sound) as one, Executor(broken) as other:
        for case in corpus.cases.values():
            if case.area == area and case.run.call and excluded(case, sound) is None:
                judgement = result(case, other).judgement
                if judgement.verdict == "fail":
                    assert result(case, one).judgement.verdict in ("pass", "documented")
                    return
    pytest.fail(f"no case of {area} rejects it")
