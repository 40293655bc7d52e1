"""Manifests: what is refused, and those that came along."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from runpy_conformance.model.features import FEATURES
from runpy_conformance.model.manifest import Manifest
from runpy_conformance.subjects import manifests
from runpy_conformance.subjects.manifests import BadManifest, shipped

INTERPRETER = 'name = "x"\nkind = "interpreter"\ncommand = ["x"]\n'
MODULE = 'name = "x"\nkind = "module"\nmodule = "x"\n'
LAUNCHER = 'name = "x"\nkind = "launcher"\ncommands = { module = ["x", "{module}"] }\n'
KNOWN = '[[known]]\ncase = "a"\nreason = "b"\n'


def read(folder: Path, text: str) -> Manifest:
    path = folder / "tool.toml"
    path.write_text(text, encoding="utf-8")
    return manifests.read(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Object missing required field `name`"),
        ('name = "x"\n', "Object missing required field `kind`"),
        ("name = ", "not readable as TOML: Invalid value"),
        ('name = "x"\nkind = "car"\n', "kind: Invalid enum value 'car'"),
        (INTERPRETER + "speed = 1\n", "Object contains unknown field `speed`"),
        (INTERPRETER + "lacks = 'fork'\n", "lacks: Expected `array`, got `str`"),
        (
            INTERPRETER + "lacks = ['fork', 'wings']\n",
            "lacks: there is no feature 'wings'; there are api, command-line",
        ),
        (INTERPRETER + "time-factor = 'x'\n", "time-factor: Expected `float`, got `str`"),
        (INTERPRETER + "time-factor = 0\n", "time-factor: Expected `float` > 0"),
        (INTERPRETER + "judged-as = 'new'\n", "judged-as: 'new' is no version"),
        (INTERPRETER.replace('"x"', '"../x"', 1), "name: Expected `str` matching regex"),
        (INTERPRETER.replace('"x"', '"x@y"', 1), "name: Expected `str` matching regex"),
        (INTERPRETER.replace('"x"', '""', 1), "name: Expected `str` matching regex"),
        (INTERPRETER + "[environment]\nA = 1\n", "environment[...]: Expected `str`, got `int`"),
        (INTERPRETER + "[[known]]\ncase = 'a'\n", "known[0]: Object missing required field `reason`"),
        (INTERPRETER + KNOWN + KNOWN + "when = 'never'\n", "known[1].when: not a PEP 508 marker"),
        (INTERPRETER + KNOWN + "since = '1'\n", "known[0]: Object contains unknown field `since`"),
        ('name = "x"\nkind = "interpreter"\n', "a manifest of the kind 'interpreter' has the key 'command'"),
        ('name = "x"\nkind = "module"\n', "a manifest of the kind 'module' has the key 'module'"),
        ('name = "x"\nkind = "launcher"\n', "a manifest of the kind 'launcher' has the key 'commands'"),
        (INTERPRETER + "install = ['x']\n", "the key 'install' does not go with the kind 'interpreter'"),
        (INTERPRETER + "pythonpath = ['x']\n", "the key 'pythonpath' does not go with the kind 'interpreter'"),
        (MODULE + "command = ['x']\n", "the key 'command' does not go with the kind 'module'"),
        (MODULE + "says = ['x']\n", "the key 'says' does not go with the kind 'module'"),
        (MODULE + "[commands]\nmodule = ['{module}']\n", "the key 'commands' does not go with the kind 'module'"),
        (LAUNCHER + "judged-as = '3.9'\n", "the key 'judged-as' does not go with the kind 'launcher'"),
        (LAUNCHER + "missing-modules = ['x']\n", "the key 'missing-modules' does not go with the kind 'launcher'"),
        (LAUNCHER + "says = ['(']\n", "says[0]: is not a regular expression"),
        (LAUNCHER.replace("module =", "modul ="), "commands: Invalid enum value 'modul'"),
        (LAUNCHER.replace("{module}", "{path}"), "commands.module does not say where {module} goes"),
        (LAUNCHER.replace("module =", "zip ="), "commands.zip does not say where {path} goes"),
        (LAUNCHER.replace("module =", "words ="), "commands.words does not say where {words} goes"),
    ],
)
def test_a_bad_manifest_is_refused_by_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadManifest) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'tool.toml'}: {message}")


def test_a_manifest_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(BadManifest, match=r"gone\.toml: No such file or directory"):
        manifests.read(tmp_path / "gone.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(BadManifest, match=r"bytes\.toml: not readable as TOML"):
        manifests.read(tmp_path / "bytes.toml")


def test_the_smallest_manifests(tmp_path: Path) -> None:
    assert read(tmp_path, INTERPRETER).command == ("x",)
    assert read(tmp_path, INTERPRETER.replace("command", "server")).server == ("x",)
    assert read(tmp_path, MODULE).host == "cpython"
    assert read(tmp_path, LAUNCHER + KNOWN).known[0].reason == "b"


# Those that came along

SHIPPED = shipped()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_manifest_says_what_it_is_of(name: str) -> None:
    path = SHIPPED[name]
    manifest = manifests.read(path)
    assert manifest.name == name
    assert manifest.title
    assert re.match(r"https://", manifest.homepage)
    assert re.match(r"https://", manifest.tracker)
    assert re.match(r"# \S", path.read_text(encoding="utf-8")), "a comment says how it takes programs"
    for package in manifest.install:
        assert re.search(r"==|^-", package), f"{package} is not pinned"
    for package in manifest.npm:
        assert "@" in package, f"{package} is not pinned"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_manifest_can_be_brought_up_to_date(name: str, tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    text = SHIPPED[name].read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    known = manifests.read(path).known
    manifests.write_known(path, known)
    assert path.read_text(encoding="utf-8").rstrip() == text.rstrip()


def test_no_machine_shows_in_shipped_manifests() -> None:
    for path in SHIPPED.values():
        assert not re.search(r"/(home|root|tmp|Users)/", path.read_text(encoding="utf-8")), path


def test_every_key_of_a_manifest_is_in_its_schema() -> None:
    properties = msgspec.json.schema(Manifest)["$defs"]["Manifest"]["properties"]
    for path in SHIPPED.values():
        assert tomllib.loads(path.read_text(encoding="utf-8")).keys() <= properties.keys(), path


def test_every_feature_has_a_sentence() -> None:
    for feature, sentence in FEATURES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", feature)
        assert len(sentence) > len(feature)
