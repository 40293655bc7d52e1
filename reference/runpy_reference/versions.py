"""What differs from version to version, as one table.

`Rules` is the table: each switch has the first versions it holds in, and beside it the clauses that speak of it. A
change that was also made in maintenance releases of earlier series lists the first release of each. `HOST` is the table
as it stands for the running interpreter. No other module of this package looks at a version.

Sources: the clauses named in each row; the changes of the specification.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    Version = Tuple[int, ...]


class Since:
    """A switch that is on from the first of *versions*, and from the listed maintenance releases of earlier series."""

    def __init__(self, *versions: "Version") -> None:
        self.versions = versions

    def holds(self, version: "Version") -> bool:
        newest = max(self.versions)
        return version >= newest or any(version[:2] == first[:2] and version >= first for first in self.versions)

    def __set_name__(self, owner: object, name: str) -> None:
        self.name = name

    def __get__(self, rules: "Rules", owner: object) -> bool:
        """Whether the switch is on for *rules*. The answer is kept there, in front of the switch."""
        answer = rules.__dict__[self.name] = self.holds(rules.version)
        return answer


class Until(Since):
    """A switch that is on before the first of *versions* and off from there on."""

    def holds(self, version: "Version") -> bool:
        return not super().holds(version)


class Between(Since):
    """A switch that is on from the first of two versions and off from the second on."""

    def holds(self, version: "Version") -> bool:
        first, end = self.versions
        return first <= version < end


class Rules:
    """The rules of one version of the language: `Rules((3, 9, 2)).absolute_program_path` is true."""

    def __init__(self, version: "Version") -> None:
        self.version = version

    # Names that executed code starts with
    sets_cached = Until((3, 15))  # RMG-07 RMG-08 RMI-05 RPG-06 RPG-10 CMM-14 CSA-09

    # Errors
    suggests_name_without_suffix = Since((3, 9))  # RML-19
    error_carries_name = Since((3, 14, 5), (3, 13, 14))  # RME-02 RPX-03

    runpy_is_frozen = Since((3, 11))  # RMW-07

    # run_path
    knows_null_importer = Until((3, 12))  # RPS-16
    decodes_path_for_hooks = Since((3, 11), (3, 9, 6), (3, 8, 11))  # RPX-05 RPX-06
    decodes_path = Since((3, 12, 6))  # RPX-04
    opens_code_by_hook = Since((3, 8, 2))  # RPX-01 THR-11 THR-12
    compiles_under_run_name = Since((3, 15))  # RPS-13
    long_bytecode_header = Since((3, 7))  # RPC-01

    # Command line
    names_long_options = Since((3, 7))  # EXI-17
    calls_long_options_otherwise = Between((3, 7), (3, 14))  # EXI-17
    raises_audit_events = Since((3, 8))  # THR-03 THR-04
    has_original_arguments = Since((3, 10))  # CSA-16 CSA-19
    has_safe_path = Since((3, 11))  # CMA-12 CMA-15 CSA-18
    full_start_directory = Since((3, 7))  # CMA-09 CMA-11
    absolute_program_path = Since((3, 9))  # CSA-05 CDZ-03 CDZ-15 THR-04
    plain_start_directory = Since((3, 11))  # CSA-23 CDZ-12
    tolerates_nul = Until((3, 11, 4))  # CSA-21
    short_script_has_bad_magic = Between((3, 7), (3, 13))  # CSA-13
    removes_script_cached = Since((3, 8))  # CSA-11
    removes_script_names_before_report = Since((3, 14, 7), (3, 13, 15))  # CSA-11 EXI-09
    links_tracebacks = Since((3, 7))  # CME-05


HOST = Rules(sys.version_info[:3])
