"""`python -m suxin` is the same as `suxin`."""

from __future__ import annotations

import sys

from suxin.start import main

if __name__ == "__main__":
    sys.exit(main())
