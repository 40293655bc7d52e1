# How a call case makes its call, for agent.py and once.py, which execute this text: one in a child, the other at once.
#
# It must run on Python 2.7 and 3.6 to 3.15 and on interpreters that have little more than sys, and imports nothing else
# before the call. It finds there what probe.py defines, and THIS_FOLDER, the entry of sys.path that is not the case's.

import sys

MAIN = sys.modules.get("__main__")
TEXT = type(b"".decode("ascii"))


def plain(value):
    # What was read is text also in Python 2; programs are to see the str that a caller would write.
    if sys.version_info[0] == 2:
        if isinstance(value, TEXT):
            try:
                return value.encode("ascii")
            except UnicodeError:
                return value.encode("utf-8")
        if isinstance(value, list):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return dict((plain(key), plain(item)) for key, item in value.items())
    return value


def set_up(request):
    # The runpy that is under test: a module of the subject, or the interpreter's own.
    sys.path[:0] = request["pythonpath"]
    if request["module"] is None:
        import runpy
    else:
        runpy = __import__(request["module"], globals(), {}, ["run_module"])
        sys.modules["runpy"] = runpy
    for name in ("run_module", "run_path"):
        getattr(runpy, name)
    return runpy


def caller_namespace(request, api):
    # The namespace of the case's own main module, in place of this one.
    namespace = {
        "__file__": request["root"] + ("\\" if sys.platform == "win32" else "/") + "caller.py",
        "__package__": None,
        "run_module": api.run_module,
        "run_path": api.run_path,
    }
    if hasattr(MAIN, "__builtins__"):
        namespace["__builtins__"] = MAIN.__builtins__
    if sys.version_info[0] > 2:
        namespace.update({"__spec__": None, "__loader__": None})
    try:
        caller = type(MAIN)("__main__")
    except TypeError:  # MicroPython makes no modules.
        namespace["__name__"] = "__main__"
        return namespace
    caller.__dict__.update(namespace)
    sys.modules["__main__"] = caller
    return caller.__dict__


def argument(value, namespace):
    if isinstance(value, dict) and list(value) == ["python"]:
        return eval(value["python"], namespace)
    return value


def execute(text, namespace):
    # Of its own: Jython compiles no exec beside variables that inner functions use.
    exec(compile(text, namespace["__file__"], "exec", 0, True), namespace)


def entries(result, names):
    try:
        return dict((name, result[name]) for name in names if name in result)
    except Exception:
        return {}


def make_call(request, api):
    # From here on the process is the case's. What is seen goes to the file that the request names, as JSON.
    sys.argv[:] = request["argv"]
    sys.path[:] = request["path"] + [entry for entry in sys.path if entry != THIS_FOLDER]
    getattr(sys, "path_importer_cache", {}).pop(THIS_FOLDER, None)
    namespace = caller_namespace(request, api)
    result = error = None
    failed = "raised-before"
    try:
        if request["setup"]:
            execute(request["setup"], namespace)
        positional = [argument(value, namespace) for value in request["positional"]]
        keywords = dict((name, argument(value, namespace)) for name, value in request["arguments"].items())
        failed = "raised"
        result = namespace[request["call"]](*positional, **keywords)
    except BaseException as problem:
        error = problem
    namespace["result"] = result
    namespace["error"] = error
    if error is None:
        returned = entries(result, request["globals"])
        parts = ['"outcome": "returned"', '"globals": ' + encode(returned)]
    else:
        seen = {"type": type_name(error), "message": message(error)}
        parts = ['"outcome": ' + encode(failed), '"error": ' + encode(seen)]
    parts.append('"after": ' + evaluate_all(request["after"], namespace))
    with open(request["observation"], "w") as file:
        file.write("{" + ", ".join(parts) + "}")


def call_or_explain(request, make):
    try:
        make(request)
    except BaseException:
        with open(request["failure"], "w") as file:
            file.write(explain())


def message(error):
    try:
        return str(error)
    except Exception:
        return repr(error)


def explain():
    # Not the traceback module: a program may look at what is imported.
    kind, error, trace = sys.exc_info()
    lines = []
    while trace is not None:
        lines.append("%s:%d" % (trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return "%s: %s (%s)" % (kind.__name__, message(error), ", ".join(lines))


def finish(leave):
    # Threads and exit functions of the program have no say.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    if leave is not None:
        leave(0)


def magic_number():
    if sys.version_info[0] == 2:
        import imp

        return imp.get_magic()
    import importlib.util

    return importlib.util.MAGIC_NUMBER


def bytecode(source, name, magic):
    import marshal

    code = compile(source, name, "exec", 0, True)
    if sys.version_info[0] == 2:
        rest = b"\0" * 4
    else:
        rest = b"\0" * (8 if sys.version_info < (3, 7) else 12)
    return (magic_number() if magic == "own" else b"\xff\xff\r\n") + rest + marshal.dumps(code)
