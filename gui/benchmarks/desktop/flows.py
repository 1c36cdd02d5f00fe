"""What a person does besides opening pages: record, import, print, audit, judge, look up, switch, drop.

Every flow is walked on the window itself, through the methods its buttons are connected to, and has ended
when nothing is under way any more. Nobody pauses between two steps; each waits for the one before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.benchmarks.desktop.stage import ledger_of
from gui.pages import spec_of
from gui.screens import settle

if TYPE_CHECKING:
    from gui.shell import Shell

GTIN = "09521234543213"
ROWS = 300
LABELS = 150


@dataclass(frozen=True, slots=True)
class Walker:
    """Who walks: the window, its ledger, a folder to write into, and what was looked up before it began."""

    shell: Shell
    workspace: Any
    folder: Path
    party: str
    lots: tuple[str, ...]
    labels: dict[str, Any]
    case: dict[str, Any]
    files: tuple[Path, ...]

    def open(self, role: str, key: str, **args: Any) -> Any:
        """Go to a page as this role and return it."""
        self.shell.set_role(role)
        settle(self.shell)
        self.shell.open(key, args)
        settle(self.shell)
        return self.shell.current

    def look(self, dialog: Any) -> None:
        """Wait until a dialog shows what it has, and close it."""
        settle(self.shell)
        dialog.close()
        settle(self.shell)


def record(walker: Walker) -> None:
    """Register a batch."""
    page = walker.open("cooperative", "register")
    page.product.setEditText(GTIN)
    page.lot.setText("WALKED-1")
    page.quantity.setText("412")
    settle(walker.shell)
    size = walker.workspace.size()
    page.recorder.record()
    settle(walker.shell)
    assert walker.workspace.size() == size + 1


def take_in(walker: Walker) -> None:
    """Look at a table of a few hundred rows, some of them wrong, and record the good ones."""
    table = walker.folder / "rows.csv"
    lines = (
        f"register,2026-03-01 08:{row % 60:02},{GTIN},IN{row},{'many' if row % 50 == 7 else 5}"
        for row in range(ROWS)
    )
    table.write_text("\n".join(("event,time,product,lot,quantity", *lines)), encoding="utf-8")
    page = walker.open("cooperative", "import")
    page.take(table)
    settle(walker.shell)
    size = walker.workspace.size()
    page.record()
    settle(walker.shell)
    assert 0 < walker.workspace.size() - size < ROWS


def print_labels(walker: Walker) -> None:
    """Write a sheet of labels."""
    page = walker.open("cooperative", "labels", **walker.labels)
    page.count.setValue(LABELS)
    settle(walker.shell)
    page.write(walker.folder / "labels.pdf")
    settle(walker.shell)
    assert (walker.folder / "labels.pdf").exists()


def audit(walker: Walker) -> None:
    """Verify the whole ledger."""
    page = walker.open("regulator", "integrity")
    page.start()
    settle(walker.shell)
    assert page.report.holds


def judge(walker: Walker) -> None:
    """Open a merchant and an entry of theirs, print the dossier, open a case."""
    merchants = walker.open("regulator", "merchants")
    merchants.table.view.selectRow(0)
    dossier = walker.open("regulator", "dossier", party=walker.party)
    dossier.print_to(walker.folder / "dossier.pdf")
    settle(walker.shell)
    assert (walker.folder / "dossier.pdf").exists()
    from gui.entry import open_entry

    walker.look(open_entry(walker.shell.context, 0, dossier))
    walker.open("regulator", "case", **walker.case)


def look_up(walker: Walker) -> None:
    """Search the batches, scan two codes one after the other."""
    page = walker.open("cooperative", "batches")
    for text in ("r", "ri", ""):
        page.search.setText(text)
        settle(walker.shell)
    for lot in walker.lots:
        walker.open("consumer", "scan", code=lot)


def switch_language(walker: Walker) -> None:
    """Read everything in the other language, and back."""
    _twice(walker, walker.shell.look.switch_language)


def switch_scheme(walker: Walker) -> None:
    """See everything dark, and back."""
    _twice(walker, walker.shell.look.switch_scheme)


def switch_large(walker: Walker) -> None:
    """See everything in large type, and back."""
    _twice(walker, walker.shell.look.switch_large)


def ask_help(walker: Walker) -> None:
    """Look at the help and the preferences."""
    from PySide6.QtWidgets import QApplication

    for show in (walker.shell.show_help, walker.shell.look.show_preferences):
        show()
        walker.look(QApplication.activeModalWidget())


def drop(walker: Walker) -> None:
    """Drop a table, a kept checkpoint and a picture of a label on the window."""
    from gui.files import open_files

    for path in walker.files:
        open_files(walker.shell, [path])
        settle(walker.shell)


FLOWS: tuple[Callable[[Walker], None], ...] = (
    record,
    take_in,
    print_labels,
    audit,
    judge,
    look_up,
    switch_language,
    switch_scheme,
    switch_large,
    ask_help,
    drop,
)


def walker_on(shell: Shell, workspace: Any, folder: Path) -> Walker:
    """Look up what the flows need, so that looking it up is no part of them."""
    lots = tuple(row.lot for row in workspace.lots(limit=2))
    return Walker(
        shell,
        workspace,
        folder,
        workspace.merchants.rows()[0].party,
        lots,
        spec_of("labels").load().sample(workspace),
        spec_of("case").load().sample(workspace),
        _files(workspace, folder, lots[0]),
    )


def _files(workspace: Any, folder: Path, lot: str) -> tuple[Path, ...]:
    """Return a table, a kept checkpoint and a picture of a label."""
    from gui.labels.symbol import symbol

    files = tuple(folder / name for name in ("dropped.csv", "kept.txt", "label.png"))
    table = f"event,time,product,lot,quantity\nregister,2026-03-02 08:00,{GTIN},D1,5\n"
    files[0].write_text(table, encoding="utf-8")
    files[1].write_text(workspace.log.checkpoint().note, encoding="utf-8")
    symbol(lot).picture(8).save(files[2])
    return files


def apart(folder: Path) -> Path:
    """Return a folder with a ledger of its own: what the flows record must not reach other measurements."""
    walked = folder / "walked"
    # A run before this one left its own.
    shutil.rmtree(walked, ignore_errors=True)
    shutil.copytree(ledger_of(folder), ledger_of(walked))
    return walked


def _twice(walker: Walker, switch: Callable[[], None]) -> None:
    for _ in range(2):
        switch()
        settle(walker.shell)
