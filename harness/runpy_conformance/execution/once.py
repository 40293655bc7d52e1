# Makes the one call of a call case, or compiles the one source, that a file asks for, and ends.
#
#     INTERPRETER once.py REQUEST
#
# For interpreters that lack what agent.py needs. REQUEST is a file that holds a dictionary as a Python literal: a
# request for the agent's "call" or "compile", and what sets it up; "failure" is a file for what went wrong, and
# "target" one for the bytecode. Streams, limits, environment and current directory are the process's own.
#
# Python 2.7 and 3.6 to 3.15, and whatever has sys, open, compile, exec and eval.

import sys

THIS_FOLDER = sys.path[0]
UNICODE_LITERALS = 0x20000 if sys.version_info[0] == 2 else 0


def text_of(path):
    with open(path) as file:
        return file.read()


def call(request):
    sys.path.remove(THIS_FOLDER)
    make_call(request, set_up(request))


def write_bytecode(request):
    code = bytecode(request["source"].encode("latin-1"), request["name"], request["magic"])
    with open(request["target"], "wb") as file:
        file.write(code)


for shared in (THIS_FOLDER + "/probe.py", THIS_FOLDER + "/calling.py"):
    exec(compile(text_of(shared), shared, "exec", 0, True), globals())

asked = plain(eval(compile(text_of(sys.argv[1]), sys.argv[1], "eval", UNICODE_LITERALS, True), {}))
end = getattr(sys.modules.get("os"), "_exit", None)
call_or_explain(asked, {"call": call, "compile": write_bytecode}[asked["op"]])
finish(end)
