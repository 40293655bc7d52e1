# Runs a test module of CPython's, inside the interpreter whose tests they are, up to the first test that fails.
#
# Arguments: the module, such as `test_runpy`; ids of tests to leave out, as JSON; the folder that holds
# runpy_reference, if that is what is tested. The last line of standard output is JSON: the id of the test, or why
# there are no tests.

import importlib
import json
import os
import sys
import unittest


def each(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from each(one)
        else:
            yield one


def main(name, left_out, *folders):
    for folder in folders:
        importlib.import_module("upstream_tests").use_reference(folder)
    try:
        module = importlib.import_module("test." + name)
    except ImportError as problem:
        return {"missing": str(problem)}
    for test in each(unittest.defaultTestLoader.loadTestsFromModule(module)):
        if test.id() not in left_out:
            result = unittest.TestResult()
            test.run(result)
            if not result.wasSuccessful():
                return {"failing": test.id()}
    return {"failing": None}


if __name__ == "__main__":
    answer = main(sys.argv[1], json.loads(sys.argv[2]), *sys.argv[3:])
    print("\n" + json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)
