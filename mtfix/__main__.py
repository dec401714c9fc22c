"""`python -m mtfix`: the command line."""

import sys

from mtfix.cli import main

if __name__ == "__main__":
    sys.exit(main())
