"""`python -m rvx` is the `rvx` command."""

import sys

from rvx.command.main import main

sys.exit(main())
