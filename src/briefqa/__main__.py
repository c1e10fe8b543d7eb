"""`python -m briefqa` is `briefqa`."""

from __future__ import annotations

import sys

from briefqa.cli import main

sys.exit(main())
