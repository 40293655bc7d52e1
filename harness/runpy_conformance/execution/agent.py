# Makes the calls of call cases, inside the subject's interpreter: Python 2.7 and 3.6 to 3.15, standard library only.
#
# Requests come as lines of JSON on standard input, answers go out as lines of JSON on standard output. The first
# request says how to set up; each other one has an "op":
#
#   compile  answers with the bytecode of a source text
#   fork     answers after a child that does nothing
#   call     makes a call in a forked child, with streams of its own; answers twice: its pid, its wait status
#   become   makes a call in this process, which ends with it, and answers nothing
#
# What is seen in a call goes to the file that the request names, as JSON.

import json
import marshal
import os
import sys
import types

try:
    import resource
except ImportError:
    resource = None

THIS_FOLDER = os.path.dirname(os.path.abspath(__file__))
MAIN = sys.modules["__main__"]
TEXT = type(b"".decode("ascii"))


def magic_number():
    if sys.version_info[0] == 2:
        import imp

        return imp.get_magic()
    import importlib.util

    return importlib.util.MAGIC_NUMBER


def bytecode(source, name, magic):
    code = compile(source, name, "exec", 0, True)
    if sys.version_info[0] == 2:
        rest = b"\0" * 4
    else:
        rest = b"\0" * (8 if sys.version_info < (3, 7) else 12)
    return (magic_number() if magic == "own" else b"\xff\xff\r\n") + rest + marshal.dumps(code)


def plain(value):
    # JSON of Python 2 reads text as unicode; programs are to see the str that a caller would write.
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


def limit(name, amount):
    if resource is not None and amount and hasattr(resource, name):
        resource.setrlimit(getattr(resource, name), (amount, amount))


def enter(request):
    # From here on the process is the case's: its streams, folder, environment, limits, sys.path and main module.
    sys.stdout.flush()
    for descriptor, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, request["stdout"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (2, request["stderr"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    limit("RLIMIT_AS", request["memory"])
    limit("RLIMIT_CPU", request["cpu"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["directory"])
    sys.argv[:] = request["argv"]
    sys.path[:] = request["path"] + [entry for entry in sys.path if entry != THIS_FOLDER]
    sys.path_importer_cache.pop(THIS_FOLDER, None)
    caller = types.ModuleType("__main__")
    caller.__dict__.update(
        __file__=os.path.join(request["root"], "caller.py"),
        __builtins__=MAIN.__builtins__,
        __package__=None,
        run_module=api.run_module,
        run_path=api.run_path,
    )
    if sys.version_info[0] > 2:
        caller.__dict__.update(__spec__=None, __loader__=None)
    sys.modules["__main__"] = caller
    return caller.__dict__


def argument(value, namespace):
    if isinstance(value, dict) and list(value) == ["python"]:
        return eval(value["python"], namespace)
    return value


def make_call(request):
    namespace = enter(request)
    if request["setup"]:
        exec(compile(request["setup"], namespace["__file__"], "exec", 0, True), namespace)
    positional = [argument(value, namespace) for value in request["positional"]]
    keywords = dict((name, argument(value, namespace)) for name, value in request["arguments"].items())
    result = error = None
    try:
        result = namespace[request["call"]](*positional, **keywords)
    except BaseException:
        error = sys.exc_info()[1]
    namespace["result"] = result
    namespace["error"] = error
    if error is None:
        returned = dict((name, result[name]) for name in request["globals"] if name in result)
        parts = ['"outcome": "returned"', '"globals": ' + encode(returned)]
    else:
        seen = {"type": type_name(error), "message": message(error)}
        parts = ['"outcome": "raised"', '"error": ' + encode(seen)]
    parts.append('"after": ' + evaluate_all(request["after"], namespace))
    with open(request["observation"], "w") as file:
        file.write("{" + ", ".join(parts) + "}")


def message(error):
    try:
        return str(error)
    except Exception:
        return repr(error)


def finish():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    os._exit(0)


def answer(value):
    os.write(answers, json.dumps(value).encode("ascii") + b"\n")


def explain():
    # Not the traceback module: a program may look at what is imported.
    kind, error, trace = sys.exc_info()
    lines = []
    while trace is not None:
        lines.append("%s:%d" % (trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return "%s: %s (%s)" % (kind.__name__, message(error), ", ".join(lines))


def call_here(request):
    try:
        make_call(request)
    except BaseException:
        with open(request["failure"], "w") as file:
            file.write(explain())
    finish()


def call(request):
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(answers)
        call_here(request)
    answer({"pid": child})
    answer({"status": os.waitpid(child, 0)[1]})


def become(request):
    os.close(answers)
    call_here(request)


def do_compile(request):
    try:
        source = request["source"].encode("latin-1")
        code = bytecode(source, request["name"], request["magic"])
        answer({"pyc": code.decode("latin-1")})
    except Exception:
        answer({"failed": explain()})


def fork(request):
    child = os.fork()
    if child == 0:
        os._exit(0)
    answer({"status": os.waitpid(child, 0)[1]})


def requests():
    # Unbuffered: a forked child must not share what was read ahead.
    pending = b""
    while True:
        while b"\n" not in pending:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            pending += chunk
        line, _, pending = pending.partition(b"\n")
        yield plain(json.loads(line.decode("ascii")))


def set_up(request):
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != THIS_FOLDER]
    sys.path[:0] = request["pythonpath"]
    if request["module"] is None:
        import runpy
    else:
        runpy = __import__(request["module"], fromlist=["run_module"])
        sys.modules["runpy"] = runpy
    for name in ("run_module", "run_path"):
        getattr(runpy, name)
    return runpy


if __name__ == "__main__":
    answers = os.dup(1)
    if hasattr(os, "set_inheritable"):
        os.set_inheritable(answers, False)
    else:
        import fcntl

        fcntl.fcntl(answers, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    with open(os.path.join(THIS_FOLDER, "probe.py")) as file:
        exec(compile(file.read(), "probe.py", "exec"), globals())
    lines = requests()
    try:
        api = set_up(next(lines))
    except BaseException:
        answer({"failed": explain()})
        os._exit(1)
    answer({"ready": os.getpid(), "fork": hasattr(os, "fork")})
    operations = {"compile": do_compile, "fork": fork, "call": call, "become": become}
    for line in lines:
        operations[line.pop("op")](line)
