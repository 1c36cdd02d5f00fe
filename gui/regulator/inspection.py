"""Record an inspection: show what is known and what the visit would do, refuse beside the field, sign."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.context import Context, Page, State
from gui.entry import open_entry
from gui.evidence import inspection_item
from gui.widgets import (
    Badge,
    Banner,
    Card,
    CheckRow,
    Facts,
    Field,
    FlowRow,
    Form,
    button,
    clear,
    label,
    scrolled,
)
from gui.wording import grade_text, hexadecimal, reason_text, score_text
from ledger.errors import EventInvalid, Problem
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
PREVIEW_PAUSE_MS = 300


class InspectionPage(Page):
    """The form on the left; what is known of the merchant, then the receipt, on the right."""

    key = "inspection"
    icon = "inspect"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self._wanted: State = {}
        self._previewing: Any = None
        self._make_editors()
        left = Card(words("inspection.form"))
        self.form = self._make_form()
        left.add(self.form)
        self.signer = label("", "secondary")
        left.add(self.signer)
        self.record_button = button(words("common.record"), self.record, "primary")
        left.add(FlowRow((self.record_button, button(words("inspection.clear"), self.clear))))
        left.body.addStretch()
        self.right = Card(words("inspection.preview"), words("inspection.preview.about"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(scrolled(_framed(left)), 3)
        row.addWidget(self.right, 2)
        self.column.addLayout(row, 1)
        # The preview follows the typing once it pauses.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        self._show_hint()

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the form for the merchant who most needs a visit."""
        return {"party": workspace.merchants()[0].party}

    def enter(self, party: str = "", **values: Any) -> None:
        """Show the form, perhaps for a merchant already chosen, perhaps as it was left."""
        self._wanted = {"party": party, **values} if party or values else {}
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: (workspace.merchants(), workspace.mine("inspector")),
            lambda both: self._take(*both),
            owner=self,
        )

    def state(self) -> State:
        """Keep everything that is typed."""
        return {
            "party": self.merchant.currentData() or "",
            "kind": self.kind.currentData(),
            "day": self.day.date().toString("yyyy-MM-dd"),
            "counts": [box.value() for box in self.counts],
            "category": self.category.currentData(),
            "lot": self.lot.text(),
            "summary": self.summary.text(),
        }

    def inspection(self) -> Inspection:
        """Return the inspection that the form states; raises EventInvalid naming the field."""
        subject = self.merchant.currentData()
        if not subject or self.merchant.currentText() != self.merchant.itemText(self.merchant.currentIndex()):
            what = self.words("inspection.no_merchant")
            raise EventInvalid(what, field="subject", code="inspection-no-merchant")
        critical, serious, minor = (box.value() for box in self.counts)
        return Inspection(
            event_time=self._moment(),
            subject=PartyId(subject),
            kind=self.kind.currentData(),
            critical=critical,
            serious=serious,
            minor=minor,
            category=self.category.currentData(),
            lot=self.lot.text().strip() or None,
            summary=self.summary.text().strip() or None,
        )

    def preview(self) -> None:
        """Show what is known of the merchant and what the visit would do; nothing is recorded."""
        subject = self.merchant.currentData()
        if not subject:
            self._show_hint()
            return
        workspace = self.context.workspace
        self._previewing = self.context.workers.read(
            lambda: workspace.dossier(subject), self._show_preview, lambda _: self._show_hint(), self
        )

    def record(self) -> None:
        """Sign the inspection and record it, or say beside the field why not."""
        self.form.clear_errors()
        try:
            event = self.inspection()
        except Problem as problem:
            self.form.show_problem(problem)
            return
        self.record_button.setEnabled(False)
        workspace = self.context.workspace
        self.context.workers.write(lambda: workspace.inspect(event), self._show_receipt, self._refused, self)

    def clear(self) -> None:
        """Begin a new form for nobody yet."""
        self.form.clear_errors()
        self.merchant.setCurrentIndex(-1)
        self.kind.setCurrentIndex(0)
        self.day.setDate(self._today())
        for box in self.counts:
            box.setValue(0)
        self.lot.clear()
        self.summary.clear()
        self._show_hint()

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

    def _make_form(self) -> Form:
        words, form = self.words, Form(self.words)
        form.add("subject", Field(words("inspection.merchant"), self.merchant))
        pair = QGridLayout()
        pair.setSpacing(12)
        for place, (name, editor) in enumerate(
            (("kind", self.kind), ("event_time", self.day), ("category", self.category))
        ):
            pair.addWidget(form.register(name, Field(words(f"inspection.{name}"), editor)), 0, place)
        for place, (name, box) in enumerate(zip(SEVERITIES, self.counts, strict=True)):
            hint = words(f"inspection.{name}.hint")
            pair.addWidget(form.register(name, Field(words(f"inspection.{name}"), box, hint)), 1, place)
        for place in range(3):
            pair.setColumnStretch(place, 1)
        form.column.insertLayout(form.column.count() - 1, pair)
        form.add("lot", Field(words("inspection.lot"), self.lot, words("inspection.lot.about")))
        form.add(
            "summary", Field(words("inspection.summary"), self.summary, words("inspection.summary.about"))
        )
        for box in self.counts:
            box.valueChanged.connect(lambda *_: self._pause.start())
        for choice in (self.merchant, self.kind, self.category):
            choice.currentIndexChanged.connect(lambda *_: self._pause.start())
        self.merchant.currentIndexChanged.connect(lambda *_: self._use_category())
        self.lot.textChanged.connect(lambda *_: self._pause.start())
        return form

    def _take(self, merchants: tuple[Any, ...], inspectors: tuple[Any, ...]) -> None:
        words = self.words
        self.signer.setText(
            words("inspection.signed_by", name=words.name(inspectors[0]))
            if inspectors
            else words("inspection.nobody_signs")
        )
        self.signer.setProperty("kind", "" if inspectors else "attention")
        self.record_button.setEnabled(bool(inspectors))
        chosen = self._wanted.get("party") or self.merchant.currentData() or ""
        self.merchant.clear()
        self._categories = {row.party: row.category for row in merchants}
        for row in sorted(merchants, key=self.words.name):
            self.merchant.addItem(self.words.name(row), row.party)
        self.merchant.setCurrentIndex(self.merchant.findData(chosen) if chosen else -1)
        wanted, self._wanted = self._wanted, {}
        if "kind" in wanted:
            self.kind.setCurrentIndex(self.kind.findData(wanted["kind"]))
            self.day.setDate(QDate.fromString(wanted["day"], "yyyy-MM-dd"))
            for box, count in zip(self.counts, wanted["counts"], strict=True):
                box.setValue(count)
            self.category.setCurrentIndex(self.category.findData(wanted["category"]))
            self.lot.setText(wanted["lot"])
            self.summary.setText(wanted["summary"])

    def _use_category(self) -> None:
        """A merchant's own line of trade is nearly always the one inspected."""
        category = getattr(self, "_categories", {}).get(self.merchant.currentData())
        if not category:
            return
        if self.category.findData(category) < 0:
            self.category.addItem(self.words.code("category", category), category)
        self.category.setCurrentIndex(self.category.findData(category))

    def _show_hint(self) -> None:
        self.right.clear()
        self.right.add(label(self.words("inspection.preview.hint"), "secondary"))
        self.right.body.addStretch()

    def _show_preview(self, dossier: Any) -> None:
        """Show the last visit, the open complaints, and where the score would go."""
        words = self.words
        self.right.clear()
        grade = grade_text(words, dossier.score.grade)
        score = words("inspection.score_now", score=score_text(words, dossier.score))
        self.right.add(CheckRow(score, words("inspection.visits", n=len(dossier.inspections)), *grade))
        if dossier.inspections:
            last = inspection_item(words, dossier.inspections[0])
            title = words("inspection.last", date=last.when)
            self.right.add(CheckRow(title, last.detail, last.badge, last.kind))
        if twice := self._same_day(dossier.inspections):
            text = words("inspection.twice", index=twice["index"])
            self.right.add(CheckRow(text, "", words("severity.attention"), "attention"))
        for change in self._changes(dossier.changes):
            kind = "ok" if change.points > 0 else "bad" if change.points < 0 else "neutral"
            after = words("inspection.score_then", score=words.number(change.score))
            self.right.add(CheckRow(reason_text(words, change), after, words.signed(change.points), kind))
        self.right.body.addStretch()

    def _same_day(self, inspections: tuple[Any, ...]) -> Any:
        """Return a visit recorded for the same day: perhaps this one is being written down twice."""
        day = self._moment().astimezone(self.words.zone).date()
        same = (row for row in inspections if row["event_time"].astimezone(self.words.zone).date() == day)
        return next(same, None)

    def _changes(self, changes: tuple[Any, ...]) -> list[Any]:
        """Return where the score would go by what is typed: nothing found, or something critical."""
        critical, serious, minor = (box.value() for box in self.counts)
        wanted = "change-failed-visit" if critical else "" if serious or minor else "change-clean-visit"
        return [change for change in changes if change.code == wanted]

    def _show_receipt(self, receipt: Any) -> None:
        words = self.words
        self.record_button.setEnabled(True)
        self.clear()
        # Clearing counts as typing: without this a late preview would cover the receipt.
        self._pause.stop()
        if self._previewing is not None:
            self._previewing.cancel()
        clear(self.right.body)
        banner = Banner(
            self.context.theme,
            "ok",
            words("inspection.recorded"),
            words("common.recorded", index=receipt.index),
        )
        self.right.add(banner)
        facts = Facts(((words("entry.index"), str(receipt.index)),))
        facts.add_hash(words("entry.entry_hash"), hexadecimal(receipt.entry_hash))
        facts.add_hash(words("checkpoint.root"), hexadecimal(receipt.root))
        self.right.add(facts)
        index = receipt.index
        self.right.add(button(words("entry.open"), lambda: open_entry(self.context, index, self)))
        self.right.add(Badge(words("proof.unwitnessed"), "attention"))
        self.right.body.addStretch()

    def _refused(self, problem: Problem) -> None:
        self.record_button.setEnabled(True)
        self.form.show_problem(problem)

    def _moment(self) -> datetime:
        """Return when it happened: now for today, else noon of that day where the inspector stands."""
        now = self.context.clock()
        if self.day.date() == self._today():
            return now
        day = datetime.fromisoformat(self.day.date().toString("yyyy-MM-dd")).date()
        return datetime.combine(day, time(12)).astimezone(self.words.zone).astimezone(UTC)

    def _today(self) -> QDate:
        local = self.context.clock().astimezone(self.words.zone)
        return QDate(local.year, local.month, local.day)


def _framed(card: Card) -> QWidget:
    """Put the card in a plain widget: what scrolls is transparent, and a card is not."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    return frame
