"""The real program on a real screen: it starts, makes its demonstration, takes keys, and ends properly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from walking import MISSING, program, screen

from gui.words import Words

WORDS = Words("zh_CN")

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {' and '.join(MISSING)} (apt-get)"),
]


@pytest.fixture
def around() -> Iterator[dict[str, str]]:
    with screen() as made:
        yield made


def test_from_first_start_to_proper_end(around: dict[str, str], tmp_path: Path) -> None:
    with program(around, tmp_path / "home") as desk:
        # The welcome stands before the window, once the demonstration is made; Escape closes it for good.
        desk.stand(WORDS("welcome.title"))
        assert (desk.home / "demonstration" / "complete").exists()
        desk.press("Escape")
        desk.wait(lambda: desk.choices().get("welcomed"), "the choice kept")
        desk.stand(f"{WORDS('page.scan.title')} · ")
        desk.end()
