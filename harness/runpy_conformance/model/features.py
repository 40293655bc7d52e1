"""Features that a case may need and a subject may lack."""

FEATURES = {
    "api": "run_module and run_path can be called",
    "command-line": "programs can be started by a command",
    "interpreter": "the command is a Python interpreter's own: -c, standard input, clustered options",
    "spelling": "programs are named as on the interpreter's command line: -mNAME, --, and unknown options are refused",
    "interactive": "option -i goes on with a prompt",
    "skip-first-line": "option -x leaves out the first line of a script",
    "sys-flags": "options show in the program's sys.flags and sys.orig_argv as on the interpreter itself",
    "symlinks": "the file system has symbolic links",
    "case-sensitive": "the file system tells upper from lower case",
    "signals": "POSIX signals",
    "fork": "os.fork",
    "threads": "threads can be started",
    "multiprocessing": "multiprocessing can start processes by spawn",
    "subprocess": "programs can start processes",
    "audit": "sys.addaudithook, where the version has it",
    "zipapp": "the standard library has zipapp, where the version has it",
}
