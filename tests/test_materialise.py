"""Writing a case's files, and taking the machine out of what is seen."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeCase
from hypothesis import given
from hypothesis import strategies as st
from runpy_conformance.execution.materialise import BadCase, Writer, with_probe
from runpy_conformance.execution.normalise import Normaliser

SOMEWHERE = Path("/private/observed")


def write(make_case: MakeCase, root: Path, **files: Any) -> None:
    def compiler(source: bytes, name: str, magic: str) -> bytes:
        return b"|".join((magic.encode(), name.removeprefix(str(root)).encode(), source))

    Writer(make_case(files=files["files"]), root, SOMEWHERE, compiler, "cpython-313").write()


def test_text_bytes_and_folders(make_case: MakeCase, tmp_path: Path) -> None:
    files = {"a/b.py": "é = 1\n", "raw": {"bytes": "\x00\xe9"}, "empty": {"directory": True}, "m.{tag}.x": ""}
    write(make_case, tmp_path, files=files)
    assert (tmp_path / "a/b.py").read_bytes() == b"\xc3\xa9 = 1\n"
    assert (tmp_path / "raw").read_bytes() == b"\x00\xe9"
    assert (tmp_path / "empty").is_dir()
    assert (tmp_path / "m.cpython-313.x").exists()


def test_bytecode(make_case: MakeCase, tmp_path: Path) -> None:
    files = {
        "m.pyc": {"pyc": "x"},
        "n.pyc": {"pyc": "x", "name": "orig.py", "magic": "foreign"},
        "cut.pyc": {"pyc": "x", "length": 3},
    }
    write(make_case, tmp_path, files=files)
    assert (tmp_path / "m.pyc").read_bytes() == b"own|/m.py|x"
    assert (tmp_path / "n.pyc").read_bytes() == b"foreign|/orig.py|x"
    assert (tmp_path / "cut.pyc").read_bytes() == b"own"


def test_links(make_case: MakeCase, tmp_path: Path) -> None:
    write(make_case, tmp_path, files={"m.py": "x", "l": {"symlink": "m.py"}, "k": {"symlink": "{root}/m.py"}})
    assert (tmp_path / "l").readlink() == Path("m.py")
    assert (tmp_path / "k").readlink() == tmp_path / "m.py"


def test_archives(make_case: MakeCase, tmp_path: Path) -> None:
    zipped = {"p/q/m.py": "x", "c.pyc": {"pyc": "y"}}
    files = {
        "a.zip": {"zip": zipped, "prefix": "#!/x\n", "comment": "c", "compression": "deflated"},
        "b.zip": {"zip": zipped, "directories": False},
    }
    write(make_case, tmp_path, files=files)
    assert (tmp_path / "a.zip").read_bytes().startswith(b"#!/x\n")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["p/", "p/q/", "p/q/m.py", "c.pyc"]
        assert archive.comment == b"c"
        assert archive.getinfo("p/q/m.py").compress_type == zipfile.ZIP_DEFLATED
        assert archive.read("c.pyc") == b"own|/a.zip/c.py|y"
    with zipfile.ZipFile(io.BytesIO((tmp_path / "b.zip").read_bytes())) as archive:
        assert archive.namelist() == ["p/q/m.py", "c.pyc"]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x"])
def test_no_file_leaves_the_folder(make_case: MakeCase, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadCase):
        write(make_case, tmp_path / "root", files={name: ""})
    assert not (tmp_path / "x").exists()


def test_a_probe_goes_to_the_end_or_to_its_mark() -> None:
    assert with_probe("a = 1", {"x": "a"}, SOMEWHERE).startswith("a = 1\nexec(compile(")
    marked = with_probe("if a:\n    # observe\n    b", {"x": "a"}, SOMEWHERE)
    assert marked.splitlines()[1].startswith("    exec(")
    assert marked.splitlines()[2] == "    b"
    compile(marked, "m", "exec")


@given(st.dictionaries(st.from_regex("[a-z]+", fullmatch=True), st.text(min_size=1)))
def test_a_probe_is_one_line_of_ascii(wanted: dict[str, str]) -> None:
    line = with_probe("", wanted, SOMEWHERE)
    assert line.isascii()
    assert line.count("\n") == 1
    compile(line, "m", "exec")


NORMALISE = Normaliser({"/tmp/x": "{root}", "/tmp/x/home": "{home}", ".cpython-313.": ".{tag}.", "": "{never}"})
VALUES = st.recursive(
    st.none() | st.integers() | st.text(alphabet="/tmpxhoecad.cyn-310_ {}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def test_the_longest_path_is_replaced_first() -> None:
    seen = {"a": "/tmp/x/m.cpython-313.pyc", "b": ["/tmp/x/home/f", 3, None], "/tmp/x": "<f at 0x7f12345678>"}
    assert NORMALISE(seen) == {"a": "{root}/m.{tag}.pyc", "b": ["{home}/f", 3, None], "{root}": "<f at {address}>"}


def test_what_differs_from_run_to_run_is_replaced() -> None:
    seen = "/proc/123/fd /proc/self/fd 0x1 <f at 0x7F12345678> /tmp/x/home/toolk3j_2x9a/f /tmp/x/home/k3j_2x9a"
    assert NORMALISE(seen) == (
        "/proc/{pid}/fd /proc/self/fd 0x1 <f at {address}> {home}/tool{random}/f {home}/{random}"
    )
    assert NORMALISE("/tmp/x/home/.local/lib /tmp/x/home/start.py") == "{home}/.local/lib {home}/start.py"


@given(VALUES)
def test_normalising_twice_changes_nothing_more(value: Any) -> None:
    assert NORMALISE(NORMALISE(value)) == NORMALISE(value)
