# Measures the reference implementation beside the standard runpy, inside the interpreter that has the latter.
#
# Arguments: the folder that holds runpy_reference; the number of rounds. The programs are written to the current
# directory. The last line of standard output is JSON: for each benchmark and implementation the seconds that a run
# took, by round. In a round both implementations run the program several times, one after the other, in turns the one
# or the other first; its figures are the medians of these runs. A run that does not give the program's result ends the
# measurement.

import gc
import importlib
import json
import os
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

PROGRAM = """\
import sys

value = str(sum(range(10)))
if sys.argv[1:] == ["say"]:
    print(value)
"""
RESULT = "45"

CALLS_IN_A_ROUND, STARTS_IN_A_ROUND = 10, 2


def write_programs():
    for folder in ("package", "directory"):
        Path(folder).mkdir()
    for name in ("module.py", "package/__main__.py", "script.py", "directory/__main__.py"):
        Path(name).write_text(PROGRAM)
    Path("package/__init__.py").touch()
    with zipfile.ZipFile("archive.zip", "w") as archive:
        archive.writestr("__main__.py", PROGRAM)


def calls_of(runpy):
    return {
        "run_module of a module": partial(runpy.run_module, "module"),
        "run_module of a module, alter_sys": partial(runpy.run_module, "module", alter_sys=True),
        "run_module of a package": partial(runpy.run_module, "package"),
        "run_module of a package, alter_sys": partial(runpy.run_module, "package", alter_sys=True),
        "run_path of a script": partial(runpy.run_path, "script.py"),
        "run_path of a directory": partial(runpy.run_path, "directory"),
        "run_path of a zip file": partial(runpy.run_path, "archive.zip"),
    }


def start(*words):
    out = subprocess.check_output([sys.executable, *words, "-m", "module", "say"])
    return {"value": out.decode().strip()}


def seconds(run):
    begin = perf_counter()
    result = run()
    spent = perf_counter() - begin
    if result.get("value") != RESULT:
        raise RuntimeError(f"the program was not run to its end by {run!r}")
    return spent


def one_round(runs, count):
    taken = {name: [] for name in runs}
    for number in range(count):
        for name in sorted(runs, reverse=number % 2 == 0):
            taken[name].append(seconds(runs[name]))
    return {name: median(spent) for name, spent in taken.items()}


def measure(standard, reference, rounds, count):
    runs = {"standard": standard, "reference": reference}
    gc.collect()
    one_round(runs, 2 * count)
    taken = [one_round(runs, count) for _ in range(rounds)]
    return {name: [one[name] for one in taken] for name in runs}


def main(folder, rounds):
    write_programs()
    sys.path[:1] = [str(Path.cwd()), folder]
    os.environ["PYTHONPATH"] = folder
    gc.disable()
    modules = [importlib.import_module(name) for name in ("runpy", "runpy_reference")]
    standard, reference = map(calls_of, modules)
    taken = {name: measure(standard[name], reference[name], rounds, CALLS_IN_A_ROUND) for name in standard}
    taken["start by -m"] = measure(start, partial(start, "-m", "runpy_reference"), rounds, STARTS_IN_A_ROUND)
    print(json.dumps(taken))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
