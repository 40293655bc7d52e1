# Runs CPython's own tests of runpy on the reference implementation, inside the interpreter whose tests they are.
#
# Arguments: the folder that holds runpy_reference; the test module, `test_runpy` or `test_cmd_line_script`. The
# public functions of the standard runpy are replaced by the reference's, and command lines of child processes are led
# to the reference's launcher. The last line of standard output is JSON: for each test its outcome and a remark.
#
# A test in which neither a public function is called nor a program started by the launcher says nothing of the
# reference: it is not applicable, whatever its outcome.

import functools
import importlib
import json
import os
import subprocess
import sys
import unittest

TAKES_ARGUMENT = ("-W", "-X", "--check-hash-based-pycs")

used = []  # what of the reference the running test has used


def watched(function):
    @functools.wraps(function)
    def call(*arguments, **keywords):
        used.append(function.__name__)
        return function(*arguments, **keywords)

    return call


def replace_functions(runpy, reference):
    for name in ("run_module", "run_path"):
        setattr(runpy, name, watched(getattr(reference, name)))


def split_command(words):
    # The interpreter's options, and what begins with the program; None for the latter if it is no module and no path.
    options = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word.startswith("-m"):
            return options, [word] + rest
        flags = word[1:] if not word.startswith("--") else ""
        if word in ("-", "--") or "c" in flags.partition("X")[0].partition("W")[0] or "i" in flags[:1]:
            return options, None
        if flags.endswith("m") and flags[0] not in "XW":
            return options + [word[:-1]], ["-m"] + rest
        options.append(word)
        if word in TAKES_ARGUMENT and rest:
            options.append(rest.pop(0))
    return options, None


def lead_to(launcher):
    original = subprocess.Popen.__init__

    def init(self, args, *arguments, **keywords):
        words = [args] if isinstance(args, str) else [os.fspath(word) for word in args]
        if words[0] == sys.executable:
            options, program = split_command(words[1:])
            if program is not None:
                used.append("launcher")
                args = [sys.executable] + options + [launcher] + program
        original(self, args, *arguments, **keywords)

    subprocess.Popen.__init__ = init


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.outcomes = {}

    def startTest(self, test):
        super().startTest(test)
        del used[:]

    def say(self, test, outcome, remark=""):
        if not used:
            outcome, remark = "not applicable", "uses nothing of the reference"
        self.outcomes[test.id()] = (outcome, remark)

    def addSuccess(self, test):
        self.outcomes.setdefault(test.id(), None)
        if self.outcomes[test.id()] is None:
            self.say(test, "passed")

    def addSkip(self, test, reason):
        self.outcomes[test.id()] = ("not applicable", "skipped: " + reason)

    def addFailure(self, test, error):
        self.say(test, "failed", self._exc_info_to_string(error, test).strip().splitlines()[-1])

    addError = addFailure

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.addFailure(test, error)


def use_reference(folder):
    # From here on the tests of this process meet the reference in `folder`.
    import runpy

    sys.path.insert(0, folder)
    reference = importlib.import_module("runpy_reference")
    sys.path.remove(folder)
    replace_functions(runpy, reference)
    lead_to(os.path.dirname(reference.__file__))


def main(folder, name):
    use_reference(folder)
    tests = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module("test." + name))
    result = Result()
    tests.run(result)
    print(json.dumps(result.outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])
