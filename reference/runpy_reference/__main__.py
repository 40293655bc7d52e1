"""Start a program as ``python -m runpy_reference ARGS`` or ``python DIRECTORY_OF_runpy_reference ARGS``.

The program of the standard `runpy` (GEN-08, GEN-09) is another one, and has no counterpart here.

This file runs in the namespace that the program is going to have, so it keeps everything inside functions;
`startup.fresh_main` takes them out of the namespace before the program sees it.
"""


def launch() -> None:
    """Hand over to `commandline.start`, having made a package of this directory if it was run by its path.

    The launcher's own imports are never lazy, since its modules are no longer to be found when the program runs; the
    program's are as the interpreter was told.

    Clauses: CMM-23.
    """
    import sys
    from importlib import import_module

    laziness = sys.get_lazy_imports() if hasattr(sys, "get_lazy_imports") else None
    if laziness is not None:
        sys.set_lazy_imports("normal")  # type: ignore[attr-defined]
    package = __package__ or load_package()
    commandline = import_module(package + ".commandline")
    if laziness is not None:
        sys.set_lazy_imports(laziness)  # type: ignore[attr-defined]
    commandline.start(run_by_path=not __package__)


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
