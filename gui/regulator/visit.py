"""The form of one inspection: its editors, what they state, and how to put them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QDateEdit, QGridLayout, QLineEdit, QSpinBox, QWidget

from gui.widgets import Field, Form
from gui.words import Words
from ledger.errors import EventInvalid
from ledger.events.evidence import INSPECTION_KINDS, Inspection
from ledger.events.values import PartyId

CATEGORIES = (
    "rice",
    "fruit",
    "seafood",
    "vegetable",
    "tea",
    "meat",
    "dairy",
    "bakery",
    "grocery",
    "restaurant",
)
SEVERITIES = ("critical", "serious", "minor")


class VisitForm(Form):
    """Whom, when, what was found; `edited` follows every change."""

    edited = Signal()

    def __init__(self, words: Words, clock: Callable[[], datetime]) -> None:
        super().__init__(words)
        self._clock = clock
        self._categories: Mapping[str, str | None] = {}
        self._make_editors()
        self._lay_out()
        for box in self.counts:
            box.valueChanged.connect(lambda *_: self.edited.emit())
        for choice in (self.merchant, self.kind, self.category):
            choice.currentIndexChanged.connect(lambda *_: self.edited.emit())
        self.merchant.currentIndexChanged.connect(lambda *_: self._use_category())
        self.lot.textChanged.connect(lambda *_: self.edited.emit())

    @property
    def party(self) -> str:
        """Return the merchant chosen, "" for nobody yet."""
        return str(self.merchant.currentData() or "")

    def offer(self, merchants: tuple[Any, ...], chosen: str) -> None:
        """Offer these merchants by name, one of them chosen or nobody."""
        self._categories = {row.party: row.category for row in merchants}
        self.merchant.clear()
        for row in sorted(merchants, key=self.words.name):
            self.merchant.addItem(self.words.name(row), row.party)
        self.merchant.setCurrentIndex(self.merchant.findData(chosen) if chosen else -1)

    def state(self) -> dict[str, Any]:
        """Return everything that is typed."""
        return {
            "party": self.party,
            "kind": self.kind.currentData(),
            "day": self.day.date().toString("yyyy-MM-dd"),
            "counts": [box.value() for box in self.counts],
            "category": self.category.currentData(),
            "lot": self.lot.text(),
            "summary": self.summary.text(),
        }

    def editors(self) -> dict[str, QWidget]:
        """Return every editor by its field, the merchant first: its trade is chosen with it."""
        named: dict[str, QWidget] = {"subject": self.merchant, "kind": self.kind, "event_time": self.day}
        named |= dict(zip(SEVERITIES, self.counts, strict=True))
        return named | {"category": self.category, "lot": self.lot, "summary": self.summary}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` returned, all but the merchant."""
        self.kind.setCurrentIndex(self.kind.findData(state["kind"]))
        self.day.setDate(QDate.fromString(state["day"], "yyyy-MM-dd"))
        for box, count in zip(self.counts, state["counts"], strict=True):
            box.setValue(count)
        self.category.setCurrentIndex(self.category.findData(state["category"]))
        self.lot.setText(state["lot"])
        self.summary.setText(state["summary"])

    def clear(self) -> None:
        """Begin anew, for nobody yet."""
        self.clear_errors()
        self.merchant.setCurrentIndex(-1)
        self.kind.setCurrentIndex(0)
        self.day.setDate(self._today())
        for box in self.counts:
            box.setValue(0)
        self.lot.clear()
        self.summary.clear()

    def inspection(self) -> Inspection:
        """Return the inspection that the form states; raises EventInvalid naming the field."""
        subject = self.party
        if not subject or self.merchant.currentText() != self.merchant.itemText(self.merchant.currentIndex()):
            what = self.words("inspection.no_merchant")
            raise EventInvalid(what, field="subject", code="inspection-no-merchant")
        critical, serious, minor = (box.value() for box in self.counts)
        return Inspection(
            event_time=self.moment(),
            subject=PartyId(subject),
            kind=self.kind.currentData(),
            critical=critical,
            serious=serious,
            minor=minor,
            category=self.category.currentData(),
            lot=self.lot.text().strip() or None,
            summary=self.summary.text().strip() or None,
        )

    def moment(self) -> datetime:
        """Return when it happened: now for today, else noon of that day where the inspector stands."""
        if self.day.date() == self._today():
            return self._clock()
        day = datetime.fromisoformat(self.day.date().toString("yyyy-MM-dd"))
        noon = datetime.combine(day.date(), time(12), tzinfo=self.words.zone)
        return noon.astimezone(UTC)

    def _make_editors(self) -> None:
        words = self.words
        self.merchant = QComboBox()
        self.merchant.setEditable(True)
        self.merchant.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        search = QCompleter(self.merchant.model(), self.merchant)
        search.setFilterMode(Qt.MatchFlag.MatchContains)
        search.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.merchant.setCompleter(search)
        if (line := self.merchant.lineEdit()) is not None:
            line.setPlaceholderText(words("inspection.merchant.hint"))
        self.kind = QComboBox()
        for kind in INSPECTION_KINDS:
            self.kind.addItem(words(f"inspection_kind.{kind}"), kind)
        self.day = QDateEdit(self._today())
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setMaximumDate(self._today())
        self.counts = [QSpinBox() for _ in SEVERITIES]
        for box in self.counts:
            box.setMaximum(999)
        self.category = QComboBox()
        for category in CATEGORIES:
            self.category.addItem(words.code("category", category), category)
        self.lot, self.summary = QLineEdit(), QLineEdit()
        self.lot.setPlaceholderText(words("inspection.lot.hint"))
        self.summary.setMaxLength(200)

    def _lay_out(self) -> None:
        words = self.words
        self.add("subject", Field(words("inspection.merchant"), self.merchant))
        grid = QGridLayout()
        grid.setSpacing(12)
        for place, (name, editor) in enumerate(
            (("kind", self.kind), ("event_time", self.day), ("category", self.category))
        ):
            grid.addWidget(self.register(name, Field(words(f"inspection.{name}"), editor)), 0, place)
        for place, (name, box) in enumerate(zip(SEVERITIES, self.counts, strict=True)):
            hint = words(f"inspection.{name}.hint")
            grid.addWidget(self.register(name, Field(words(f"inspection.{name}"), box, hint)), 1, place)
        for place in range(3):
            grid.setColumnStretch(place, 1)
        self.column.insertLayout(self.column.count() - 1, grid)
        self.add("lot", Field(words("inspection.lot"), self.lot, words("inspection.lot.about")))
        about = words("inspection.summary.about")
        self.add("summary", Field(words("inspection.summary"), self.summary, about))

    def _use_category(self) -> None:
        """A merchant's own line of trade is nearly always the one inspected."""
        category = self._categories.get(self.party)
        if not category:
            return
        if self.category.findData(category) < 0:
            self.category.addItem(self.words.code("category", category), category)
        self.category.setCurrentIndex(self.category.findData(category))

    def _today(self) -> QDate:
        local = self._clock().astimezone(self.words.zone)
        return QDate(local.year, local.month, local.day)
