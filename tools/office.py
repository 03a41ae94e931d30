#!/usr/bin/python3
"""A working office on this machine, for trying it out.

usage: office.py run [--no-build]

The state folder is OUV_VAR (var); the ports are OUV_HTTP_PORT (8080),
OUV_SMTP_PORT (2525), OUV_IMAP_PORT (1143) and OUV_PG_PORT (5439).  The programs
are taken from OUV_BUILD (build/plain), after `make programs` unless --no-build.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from ouvoffice.office import Office  # noqa: E402
from ouvoffice.place import ROOT  # noqa: E402
from ouvoffice.process import Trouble  # noqa: E402


def main():
    arguments = sys.argv[1:]
    if arguments not in (["run"], ["run", "--no-build"]):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    os.chdir(ROOT)
    os.umask(0o077)
    try:
        office = Office(os.environ.get("OUV_VAR") or "var",
                        build="--no-build" not in arguments)
        return office.run()
    except (Trouble, OSError) as trouble:
        print(f"office: {trouble}", flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
