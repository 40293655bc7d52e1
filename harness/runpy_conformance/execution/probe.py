# Evaluates expressions in a program under test and appends the values to a file, as a line of JSON.
#
# A line at the end of the program executes this text in a namespace of its own, that holds
# `program` (the program's globals), `wanted` (pairs of name and expression) and `destination` (a path).
# It must run on Python 2.7 and 3.6 to 3.15, import nothing, and leave nothing in the program.
#
# What JSON cannot say becomes a table with one key: {"!bytes": "text"}, {"!raises": "exception type"} for
# an expression that raises, {"!object": "type"} for everything else. Tuples become arrays.


def quoted(text):
    parts = []
    for character in text:
        number = ord(character)
        if number in (34, 92):
            parts.append("\\" + chr(number))
        elif 32 <= number < 127:
            parts.append(chr(number))
        elif number < 0x10000 and not 0xD800 <= number < 0xE000:
            parts.append("\\u%04x" % number)
        elif number >= 0x10000:
            number -= 0x10000
            parts.append("\\u%04x\\u%04x" % (0xD800 + (number >> 10), 0xDC00 + (number & 0x3FF)))
        else:
            parts.append("\\\\u%04x" % number)
    return '"' + "".join(parts) + '"'


def type_name(value):
    kind = type(value)
    module = getattr(kind, "__module__", "builtins")  # MicroPython's types do not say.
    name = getattr(kind, "__qualname__", kind.__name__)
    return name if module in ("builtins", "__builtin__", "exceptions") else module + "." + name


def encode(value, depth=0):
    kind = type(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is float and value == value and value not in (float("inf"), -float("inf")):
        return repr(value)
    if kind.__name__ in ("int", "long"):
        return str(value)
    if kind.__name__ in ("str", "unicode"):
        return quoted(value)
    if kind.__name__ == "bytes":
        return '{"!bytes": %s}' % quoted(value.decode("latin-1"))
    if depth < 8:
        if kind in (list, tuple):
            return "[" + ", ".join([encode(item, depth + 1) for item in value]) + "]"
        if kind in (set, frozenset):
            return "[" + ", ".join(sorted([encode(item, depth + 1) for item in value])) + "]"
        if kind is dict:
            items = sorted([(quoted(str(key)), encode(value[key], depth + 1)) for key in value])
            return "{" + ", ".join([key + ": " + item for key, item in items]) + "}"
    return '{"!object": %s}' % quoted(type_name(value))


def evaluate(expression, namespace):
    try:
        return encode(eval(expression, namespace, {}))
    except BaseException as problem:
        return '{"!raises": %s}' % quoted(type_name(problem))


def evaluate_all(wanted, namespace):
    return "{" + ", ".join([quoted(name) + ": " + evaluate(text, namespace) for name, text in wanted]) + "}"


if "destination" in globals():
    with open(destination, "a") as file:  # noqa: F821
        file.write(evaluate_all(wanted, program) + "\n")  # noqa: F821
