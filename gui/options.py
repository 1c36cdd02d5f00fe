"""The options every face knows, and whether a command line asks for the desktop.

Rule: nothing is imported here that the window does not need: the verbs and all they stand on take longer to
load than a bare window takes to paint.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from ledger.errors import EventInvalid


class Parser(argparse.ArgumentParser):
    """Raise the contract's error instead of printing usage and leaving."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line in the shape every other refusal has."""
        raise EventInvalid(
            "the command line cannot be read",
            field="arguments",
            code="usage",
            found=message,
            expected=self.format_usage().strip().removeprefix("usage: "),
            remedy=f"{self.prog} --help lists every verb and option",
        )


def common_options() -> tuple[tuple[tuple[str, ...], dict[str, Any]], ...]:
    """Return the options that stand before or after any verb."""
    return (
        (("--home",), {"metavar": "DIR", "help": "keys, settings, trusted checkpoints", "default": None}),
        (("--ledger",), {"metavar": "URL", "help": "default: SQLite in the home folder", "default": None}),
        (("--as",), {"dest": "actor", "metavar": "PARTY", "help": "whose key signs", "default": None}),
        (("--json",), {"action": "store_true", "help": "one JSON document on stdout", "default": False}),
        (("--at",), {"metavar": "INSTANT", "help": "the clock, ISO 8601", "default": None}),
        (("--locale",), {"choices": ("zh_CN", "en"), "help": "language of the words", "default": None}),
    )


def desktop_options(argv: Sequence[str]) -> argparse.Namespace | None:
    """Return what the desktop is started with, or None where a verb (or help) is asked for.

    Anything after the options must be a file to open: a name with a suffix or a folder, which no verb has.

    >>> desktop_options(["--locale", "en", "tea.proof.json"]).files
    ['tea.proof.json']
    >>> desktop_options(["scan", "tea.png"]) is None
    True
    """
    parser = Parser(prog="suxin", add_help=False)
    for names, settings in common_options():
        parser.add_argument(*names, **settings)
    parser.add_argument("files", nargs="*")
    try:
        options, rest = parser.parse_known_args(list(argv))
    except EventInvalid:
        # The whole parser refuses it too, and its usage names every verb.
        return None
    if rest or (options.files and not _is_file_name(options.files[0])):
        return None
    options.verb = None
    return options


def _is_file_name(word: str) -> bool:
    path = Path(word)
    return bool(path.suffix) or len(path.parts) > 1
