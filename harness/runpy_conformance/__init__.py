"""Conformance and differential testing of everything that runs Python programs."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("runpy-conformance")
except PackageNotFoundError:  # imported from a tree that was never installed
    __version__ = "0+unknown"
