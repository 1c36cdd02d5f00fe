"""Every command the README shows gives what the README shows; `python tests/test_readme.py` writes it anew.

What differs from one ledger to the next (keys, hashes, seconds) is written as `…` on both sides.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
README = CHECKOUT / "README.md"
BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)
VOLATILE = re.compile(
    r"\b[0-9a-f]{16,}\b"  # hashes and key ids in hexadecimal
    r"|[A-Za-z0-9+/]{43,}={0,2}"  # signatures and roots in base64
    r"|\b\d+\.\d+(?= s\b)"  # seconds
)


def steady(text: str) -> str:
    """Return the text with what no two ledgers share written as `…`."""
    return "\n".join(line.rstrip() for line in VOLATILE.sub("…", text).strip().split("\n"))


def run(command: str, folder: Path) -> str:
    """Run one shown command in `folder`, with a home of its own, and return what it prints."""
    words = shlex.split(command)
    if words[:2] != ["python", "main.py"]:
        raise ValueError(f"not a command of ours: {command}")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "SUXIN_"))}
    environ |= {"SUXIN_HOME": str(folder / "own"), "LANG": "en_US.UTF-8", "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(
        [sys.executable, str(CHECKOUT / "main.py"), *words[2:]],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout


def shown(text: str) -> list[tuple[str, str]]:
    """Return (command, output) for every `$ ...` in the console blocks of the text, in order."""
    pairs = []
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            pairs.append((command, output))
    return pairs


def written_anew(text: str, folder: Path) -> str:
    """Return the text with every shown command's output as it is now; `make` lines are left alone."""

    def renew(block: re.Match[str]) -> str:
        parts = re.split(r"^(?=\$ )", block.group(), flags=re.MULTILINE)
        return "".join(_renewed(part, folder) for part in parts)

    return BLOCK.sub(renew, text)


def _renewed(part: str, folder: Path) -> str:
    command, _, _ = part.partition("\n")
    if not command.startswith("$ python main.py"):
        return part
    return f"{command}\n{steady(run(command.removeprefix('$ '), folder))}\n\n"


def test_the_readme_shows_what_the_program_prints(tmp_path: Path) -> None:
    commands = [pair for pair in shown(README.read_text(encoding="utf-8")) if pair[0].startswith("python")]
    if not commands:
        pytest.fail("the README shows no command of ours")
    for command, output in commands:
        assert steady(output) == steady(run(command, tmp_path)), command


def test_the_two_commands_are_the_makefiles() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\$ make (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE):
        assert re.search(rf"^[\w ]*\b{target}\b[\w ]*:", makefile, re.MULTILINE), target


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(written_anew(README.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
