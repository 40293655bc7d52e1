"""``python -m runpy_conformance``."""

from runpy_conformance.cli import main

if __name__ == "__main__":
    main()
