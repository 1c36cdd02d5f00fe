"""Compose Suxin: make the clock, the randomness, the engines and the keys, one Workspace and one face."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the face that the command line asks for and return its exit code."""
    return 0


if __name__ == "__main__":
    sys.exit(main())
