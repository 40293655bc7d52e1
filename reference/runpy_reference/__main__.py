"""Start a program as ``python -m runpy_reference ARGS`` or ``python DIRECTORY_OF_runpy_reference ARGS``.

The program of the standard `runpy` (GEN-08, GEN-09) is another one, and has no counterpart here.

This file runs in the namespace that the program is going to have, so it keeps everything inside functions;
`startup.fresh_main` takes them out of the namespace before the program sees it.
"""


def launch() -> None:
    """Hand over to `commandline.start`, having made a package of this directory if it was run by its path."""
    from importlib import import_module

    package = __package__ or load_package()
    import_module(package + ".commandline").start(run_by_path=not __package__)


def load_package() -> str:
    """Import this directory as the package `runpy_reference`; `sys.path` has no part in it, and is not changed."""
    import os
    import sys
    from importlib.util import module_from_spec, spec_from_file_location

    initialiser = os.path.join(os.path.dirname(__file__), "__init__.py")
    spec = spec_from_file_location("runpy_reference", initialiser)
    assert spec is not None and spec.loader is not None
    sys.modules[spec.name] = package = module_from_spec(spec)
    spec.loader.exec_module(package)
    return spec.name


if __name__ == "__main__":
    launch()
