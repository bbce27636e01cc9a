"""``python -m crmdash``."""

import sys

from crmdash.cli import main

if __name__ == "__main__":
    sys.exit(main())
