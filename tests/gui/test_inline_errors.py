"""Wrong input is said at its field, on the screen and to a screen reader: no dialog, no passing message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest_types import OpenShell
from PySide6.QtWidgets import QApplication

from gui.consumer.opinion import ComplaintDialog, ReviewDialog
from gui.consumer.verdict import Answer
from gui.cooperative.movement import MovementPage
from gui.pages import spec_of
from gui.regulator.monitor import MonitorPage
from gui.screens import settle
from gui.shell import Shell
from gui.widgets.beside import Beside
from ledger.errors import EventInvalid
from models.workspace import Workspace


def said_at(field: Any, shell: Shell) -> None:
    """The field says it, its editor describes it, and nothing else pops up."""
    assert not field.problem.isHidden()
    assert field.problem.text()
    assert field.editor.accessibleDescription() == field.problem.text()
    assert QApplication.activeModalWidget() is None
    assert shell.toasts.column.count() == 0


def register(page: Any, _folder: Path) -> str:
    page.product.setCurrentIndex(0)
    page.recorder.record()
    return "lot"


def movement(page: Any, _folder: Path) -> str:
    page.form.fields["quantity"].editor.setText("many")
    page.recorder.record()
    return "quantity"


def labels(page: Any, folder: Path) -> str:
    page.each.setText("many")
    page.write(folder / "a.pdf")
    return "each"


def inspection(page: Any, _folder: Path) -> str:
    page.merchant = page.form.merchant
    page.form.merchant.setEditText("nobody of that name")
    page.record()
    return "subject"


def gate(page: Any, _folder: Path) -> str:
    page.form = page.gates.form
    for box in page.gates.steps.values():
        box.setChecked(False)
    page.gates.set()
    return "steps"


@pytest.mark.parametrize(
    ("role", "key", "wrong"),
    [
        ("cooperative", "register", register),
        ("cooperative", "movement", movement),
        ("cooperative", "labels", labels),
        ("cooperative", "quality", gate),
        ("regulator", "inspection", inspection),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_page_says_wrong_input_at_its_field(
    open_shell: Any, tmp_path: Path, role: str, key: str, wrong: Callable[[Any, Path], str]
) -> None:
    shell = open_shell("en", role=role)
    args = MovementPage.sample(shell.context.workspace) if key == "movement" else {}
    shell.open(key, args)
    settle(shell)
    page: Any = shell.current
    size = shell.context.workspace.size()
    name = wrong(page, tmp_path)
    settle(shell)
    said_at(page.form.fields[name], shell)
    assert shell.context.workspace.size() == size


def test_the_dialogs_of_a_shopper_say_it_at_the_field_too(open_shell: Any) -> None:
    shell = open_shell("zh_CN", role="consumer")
    workspace = shell.context.workspace
    answer = Answer.of(workspace, workspace.lots(status="sold", limit=1)[0].lot)
    for dialog, field in ((ReviewDialog, "stars"), (ComplaintDialog, "kind")):
        made: Any = dialog(shell.context, answer, shell)
        made.send()
        said_at(made.form.fields[field], shell)
        made.deleteLater()


def test_a_decision_that_cannot_be_kept_is_said_beside_its_reason(open_shell: Any) -> None:
    shell = open_shell("en", role="regulator")
    shell.open("monitor", {})
    settle(shell)
    page: Any = shell.current
    assert isinstance(page, MonitorPage)
    card = page.decision
    card.refuse(EventInvalid("too long", field="reason", code="text-too-long"))
    assert not card.problem.isHidden()
    assert card.reason.accessibleDescription() == card.problem.text()
    assert shell.toasts.column.count() == 0
    card.reason.textEdited.emit("x")
    assert card.problem.isHidden()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("key", ["labels", "register", "movement", "rolls", "inspection"])
def test_an_error_beside_its_field_leaves_the_form_and_what_stands_beside_it_where_they_are(
    open_shell: OpenShell, workspace: Workspace, locale: str, key: str
) -> None:
    shell = open_shell(locale)
    spec = spec_of(key)
    shell.set_role(spec.roles[0])
    shell.open(key, spec.load().sample(workspace))
    settle(shell)
    page: Any = shell.current
    [beside] = page.findChildren(Beside)
    assert not beside.stacked
    for field in page.form.fields.values():
        field.error(f"{shell.words('inspection.no_merchant')} " * 3)
    settle(shell)
    assert not beside.stacked
