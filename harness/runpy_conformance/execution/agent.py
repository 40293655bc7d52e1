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
# What is seen in a call goes to the file that the request names, as JSON. How it is made is in calling.py.

import json
import marshal  # noqa: F401 - so that what is loaded does not depend on whether something was compiled before
import os
import sys

try:
    import resource
except ImportError:
    resource = None

THIS_FOLDER = os.path.dirname(os.path.abspath(__file__))


def limit(name, amount):
    if resource is not None and amount and hasattr(resource, name):
        resource.setrlimit(getattr(resource, name), (amount, amount))


def enter(request):
    # Streams, limits, environment and folder of the case; then the call.
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
    make_call(request, api)


def answer(value):
    os.write(answers, json.dumps(value).encode("ascii") + b"\n")


def call_here(request):
    call_or_explain(request, enter)
    finish(os._exit)


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


if __name__ == "__main__":
    answers = os.dup(1)
    if hasattr(os, "set_inheritable"):
        os.set_inheritable(answers, False)
    else:
        import fcntl

        fcntl.fcntl(answers, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    for name in ("probe.py", "calling.py"):
        with open(os.path.join(THIS_FOLDER, name)) as file:
            exec(compile(file.read(), file.name, "exec"), globals())
    lines = requests()
    try:
        sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != THIS_FOLDER]
        api = set_up(next(lines))
    except BaseException:
        answer({"failed": explain()})
        os._exit(1)
    answer({"ready": os.getpid(), "fork": hasattr(os, "fork")})
    operations = {"compile": do_compile, "fork": fork, "call": call, "become": become}
    for line in lines:
        operations[line.pop("op")](line)
