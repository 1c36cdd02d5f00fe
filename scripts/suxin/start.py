"""Start the installed program: the wheel's `suxin` command.

The tree lives inside this one package because top-level packages called `gui` or `models` in site-packages
would be overwritten by anybody else's without a word. Its modules still name each other as in the checkout,
so the package's own folder goes first on the path.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Put this package's folder first on the path and run the program."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from main import main as compose

    return compose()
