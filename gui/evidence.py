"""The evidence of a dossier, kind by kind, newest first; every line opens its entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from gui.context import Context
from gui.entry import open_entry
from gui.widgets import EmptyState, Timeline, TimelineItem, button, clear, label, scrolled
from gui.wording import SEVERITY_KINDS, entries_text, entry_text, finding_text, law_text
from gui.words import Words
from ledger.errors import LedgerBug

SHOWN = 15


class EvidenceTabs(QTabWidget):
    """Inspections, complaints, reviews, certificates, findings; `opened` carries the entry of a line.

    A tab is built when somebody looks at it, and a page at a time: a merchant with a hundred reviews would
    otherwise keep the window standing still for a third of a second.
    """

    opened = Signal(int)

    def __init__(self, context: Context, dossier: Any) -> None:
        super().__init__()
        self._context = context
        self._waiting: dict[int, tuple[str, tuple[TimelineItem, ...]]] = {}
        words = context.words
        for place, (name, rows, worded) in enumerate(
            (
                ("inspections", dossier.inspections, inspection_item),
                ("complaints", as_they_stand(dossier.complaints), complaint_item),
                ("reviews", dossier.reviews, review_item),
                ("certificates", dossier.certificates, certificate_item),
                ("claims", dossier.claims, claim_item),
                ("findings", dossier.findings, finding_item),
            )
        ):
            self._waiting[place] = (name, tuple(worded(words, row) for row in rows))
            self.addTab(QWidget(), words("dossier.tab", name=words(f"dossier.{name}"), n=len(rows)))
        self.currentChanged.connect(self._fill)
        self._fill(0)

    def _fill(self, place: int) -> None:
        """Build the tab that somebody looks at."""
        if place not in self._waiting:
            return
        name, items = self._waiting.pop(place)
        column = QVBoxLayout()
        self._page(place).setLayout(column)
        column.setContentsMargins(0, 12, 0, 0)
        if items:
            self._show_more(column, items)
        else:
            text = self._context.words(f"dossier.{name}.none")
            column.addWidget(EmptyState(self._context.theme, "ledger", text))
        column.addStretch()

    def _page(self, place: int) -> QWidget:
        page = self.widget(place)
        if page is None:
            raise LedgerBug(f"there is no tab {place}")
        return page

    def _show_more(self, column: QVBoxLayout, items: tuple[TimelineItem, ...]) -> None:
        """Put the next lines under those shown, and a way to the ones after them."""
        line = Timeline(self._context.theme, items[:SHOWN])
        line.opened.connect(lambda key: self.opened.emit(int(key)))
        column.insertWidget(column.count() - 1 if column.count() else 0, line)
        rest = items[SHOWN:]
        if not rest:
            return
        more = button(self._context.words("dossier.more", n=len(rest)), role="quiet")

        def go_on() -> None:
            column.removeWidget(more)
            more.hide()
            more.deleteLater()
            self._show_more(column, rest)

        more.clicked.connect(lambda *_: go_on())
        column.insertWidget(column.indexOf(line) + 1, more)


def with_words(workspace: Any, dossier: Any) -> Any:
    """Put what people wrote beside their complaints and reviews (on a reading thread), or that it is gone."""
    for row in (*dossier.complaints, *dossier.reviews):
        if row["vault_id"]:
            row["text"] = workspace.words_of(row["vault_id"])
            row["erased"] = row["text"] is None
    return dossier


def inspection_item(words: Words, row: Any) -> TimelineItem:
    """Word one inspection: what was found, or that nothing was."""
    counts = [(name, row[name]) for name in ("critical", "serious", "minor")]
    found = words.listing(words(f"inspection.count.{name}", n=n) for name, n in counts if n)
    kind = "bad" if row["critical"] else "attention" if row["serious"] or row["minor"] else "ok"
    key = (
        "inspection.outcome.critical"
        if row["critical"]
        else "inspection.outcome.some"
        if found
        else "inspection.outcome.clean"
    )
    return TimelineItem(
        words.date(row["event_time"]),
        words.code("inspection_kind", row["kind"]),
        found or words("inspection.count.none"),
        kind,
        words(key),
        str(row["index"]),
        summary_text(words, row["summary"]),
    )


def summary_text(words: Words, summary: str | None) -> str:
    """Return an inspector's summary: a code word in the reader's language, anything else as written."""
    return words.first(f"inspection_summary.{summary}", default=summary) if summary else ""


def as_they_stand(steps: Iterable[Any]) -> tuple[Any, ...]:
    """Return one row a complaint, its newest step, with the words of the step that had some.

    Args:
        steps: every step of every complaint, newest first.
    """
    newest: dict[str, Any] = {}
    for step in steps:
        kept = newest.setdefault(step["complaint_id"], dict(step))
        for name in ("text", "erased"):
            if not kept.get(name) and step.get(name):
                kept[name] = step[name]
    return tuple(newest.values())


def complaint_item(words: Words, row: Any) -> TimelineItem:
    """Word one complaint as it stands now."""
    kind = {"upheld": "bad", "rejected": "neutral", "withdrawn": "neutral", "resolved": "ok"}.get(
        row["status"], "attention"
    )
    return TimelineItem(
        words.date(row["event_time"]),
        words.code("complaint_kind", row["kind"]),
        _text(words, row),
        kind,
        words.code("complaint_status", row["status"]),
        str(row["index"]),
    )


def review_item(words: Words, row: Any) -> TimelineItem:
    """Word one review: stars, its text where it may still be shown, whether a sold item stands behind it."""
    proven = bool(row.get("item_signature"))
    kind = "ok" if row["stars"] >= 4 else "attention" if row["stars"] == 3 else "bad"
    return TimelineItem(
        words.date(row["event_time"]),
        "★" * row["stars"] + "☆" * (5 - row["stars"]),
        _text(words, row),
        kind,
        words("review.proven" if proven else "review.unproven"),
        str(row["index"]),
        badge_kind="info" if proven else "neutral",
    )


def certificate_item(words: Words, row: Any) -> TimelineItem:
    """Word one certificate: what it is, its number, how long it holds."""
    kind = "bad" if row["status"] == "revoked" else "ok"
    span = words("certificate.span", first=row["valid_from"], last=row["valid_until"])
    return TimelineItem(
        words.date(row["event_time"]),
        words.code("scheme", row["scheme"]),
        f"{row['number']} · {span}",
        kind,
        words.code("certificate_status", row["status"]),
        str(row["index"]),
        row.get("issuer_name") or "",
    )


def claim_item(words: Words, row: Any) -> TimelineItem:
    """Word one advertised claim: what was found of it, by which law, and whether a person confirmed it."""
    kind = {"violation": "bad", "contradicted": "bad", "supported": "ok"}.get(row["verdict"], "attention")
    standing = words("claims.confirmed" if row["confirmed"] else "claims.reported")
    return TimelineItem(
        words.date(row["event_time"]),
        words.first(f"claims.verdict.{row['verdict']}", default=row["verdict"]),
        f"{law_text(words, row['statute'].split('; '))} · {row['rule']}",
        kind if row["confirmed"] else "neutral",
        standing,
        str(row["index"]),
        words("claims.clip", digest=row["clip"][:12]) if row["clip"] else "",
    )


def finding_item(words: Words, row: Any) -> TimelineItem:
    """Word one finding and the entries that show it."""
    return TimelineItem(
        "",
        finding_text(words, row),
        entries_text(words, row.entries),
        SEVERITY_KINDS[row.severity],
        words(f"severity.{row.severity}"),
        str(row.entries[-1]) if row.entries else "",
    )


class EntriesDialog(QDialog):
    """The entries one reason rests on, to choose from."""

    def __init__(self, context: Context, title: str, entries: Iterable[int], parent: QWidget) -> None:
        super().__init__(parent)
        words = context.words
        self.setWindowTitle(title)
        self.setMinimumWidth(context.theme.px(480))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "card"))
        column.addWidget(label(words("dossier.rests_on"), "secondary"))
        listed = tuple(entries)
        self._context, holder = context, QWidget()
        self.lines = QVBoxLayout(holder)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self._show(TimelineItem("", words("entry.title", index=index), key=str(index)) for index in listed)
        workspace = context.workspace
        context.workers.read(
            lambda: [entry_item(words, workspace, index) for index in listed], self._show, owner=self
        )
        area = scrolled(holder, name=title)
        area.setMinimumHeight(context.theme.px(220))
        column.addWidget(area, 1)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.close"), self.reject, "primary"))
        column.addLayout(row)

    def _show(self, items: Iterable[TimelineItem]) -> None:
        """Show these lines; their numbers stand there until it is read what they are."""
        keys, whole = self.focusWidget(), self.lines.parentWidget()
        had_keys = keys is not None and whole is not None and whole.isAncestorOf(keys)
        clear(self.lines)
        line = Timeline(self._context.theme, tuple(items))
        line.opened.connect(lambda key: open_entry(self._context, int(key), self))
        self.lines.addWidget(line)
        self.lines.addStretch()
        reached = [
            part for part in line.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if had_keys and reached:
            reached[0].setFocus(Qt.FocusReason.OtherFocusReason)


def entry_item(words: Words, workspace: Any, index: int) -> TimelineItem:
    """Word one entry: what was done, when, and who signed it (on a reading thread)."""
    (entry,) = workspace.entry_lines(index, index + 1)
    what = entry_text(words, entry.type, *workspace.goods.done(index, index + 1).get(index, ()))
    who = [words.name(party) for party in workspace.parties_of([entry.party])] or [entry.party]
    detail = f"{who[0]} · {words('entry.title', index=index)}"
    return TimelineItem(words.date(entry.event_time), what, detail, key=str(index))


def _text(words: Words, row: Any) -> str:
    """Return a person's words, or why they are not here."""
    text = row.get("text")
    if text:
        return str(text)
    return words("vault.erased") if row.get("erased") else ""
