"""A medium that cannot be written, or a full disk, keeps nobody from reading; whoever records is told why.

The disk is a real one: a small file system in memory, mounted in a namespace of the test's own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest_types import OpenShell
from shared import CHECKOUT

import main
from ledger.errors import LedgerError
from ledger.opening import open_ledger

SESSION = """
import contextlib, io, json, subprocess, sys
from pathlib import Path
import main
disk, told = Path(sys.argv[1]), []
def mount(*words): subprocess.run(["mount", *words, str(disk)], check=True)
def run(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main.main([*words, "--home", str(disk / "home"), "--json"])
    told.append([code, json.loads(out.getvalue())])
mount("-t", "tmpfs", "-o", "size=3m", "suxin")
run("init", "--name", "A", "--role", "cooperative")
run("publish", "A")
mount("-o", "remount,ro")
run("verify"), run("publish", "A")
mount("-o", "remount,rw")
with contextlib.suppress(OSError), open(disk / "filler", "wb", buffering=0) as file:
    while True:
        file.write(bytes(4096))
run("verify"), run("publish", "A")
(disk / "filler").unlink()
run("publish", "A"), run("verify")
print(json.dumps(told))
"""


def on_a_small_disk(folder: Path) -> list[tuple[int, dict[str, Any]]]:
    command = ["unshare", "--map-root-user", "--mount", sys.executable, "-c", SESSION, str(folder)]
    try:
        subprocess.run([*command[:3], "mount", "-t", "tmpfs", "suxin", str(folder)], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets no test mount a disk of its own")
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=True)
    return [(code, document) for code, document in json.loads(done.stdout)]


def test_reading_goes_on_and_recording_says_why_not(tmp_path: Path) -> None:
    told = on_a_small_disk(tmp_path)
    assert [code for code, _ in told] == [0, 0, 0, 2, 0, 2, 0, 0]
    documents = [document for _, document in told]
    for verified, refused, code in ((2, 3, "ledger-read-only"), (4, 5, "disk-full")):
        assert documents[verified]["holds"]
        assert documents[verified]["entries"] == 2
        assert documents[verified]["read_only"]["code"] == documents[refused]["error"]["code"] == code
        assert documents[refused]["error"]["remedy"]
    assert documents[7]["entries"] == 3, "with room again, work goes on"
    assert "read_only" not in documents[7]


def test_asking_for_a_ledger_that_is_not_there_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as refused:
        open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert refused.value.code == "no-ledger"
    assert list(tmp_path.iterdir()) == []


def test_a_fresh_machine_is_told_that_there_is_no_ledger_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["scores", "--home", str(tmp_path / "new"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no-ledger"


def test_the_window_says_above_every_page_that_it_only_reads(open_shell: OpenShell) -> None:
    why = LedgerError("full", code="disk-full")
    for locale, word in (("zh_CN", "磁盘已满"), ("en", "The disk is full")):
        shell = open_shell(locale=locale)
        assert shell.notice.isHidden()
        shell.context.workspace.read_only = why
        shell.rebuild()
        assert not shell.notice.isHidden()
        assert word in shell.notice.text.text()
        shell.context.workspace.read_only = None
