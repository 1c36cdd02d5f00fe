"""Which pages there are, for whom, in which order; each is imported when somebody first goes there."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from gui.context import Page

ROLES = ("consumer", "cooperative", "regulator")
# Large type comes with fewer choices: these pages stay in the rail, the others are a step away, under "more".
ESSENTIAL = frozenset(("today", "register", "movement", "labels", "scan", "merchants", "inspection", "cases"))
# And of these pages' forms it folds away the fields that nearly always stand right as they are.
FOLDED = {
    "register": ("made", "has_best_before", "best_before", "place"),
    "labels": ("sheet", "each", "level", "capitals", "again"),
    "inspection": ("category", "lot", "summary"),
}


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page: its key (words `page.<key>.*`), the roles that see it, where its class is, its icon.

    Args:
        rail: shown in the rail; else it is reached from another page and gets a way back.
        parent: the page that stays marked in the rail while this one is shown.
    """

    key: str
    roles: tuple[str, ...]
    target: str
    icon: str
    rail: bool = True
    parent: str = ""

    @property
    def essential(self) -> bool:
        """Say whether large type keeps this page in the rail."""
        return self.key in ESSENTIAL

    @property
    def folded(self) -> tuple[str, ...]:
        """Return the fields of its form that large type folds away."""
        return FOLDED.get(self.key, ())

    def load(self) -> type[Page]:
        """Import the page's class."""
        module, _, name = self.target.partition(":")
        found: type[Page] = getattr(importlib.import_module(module), name)
        return found


# The roles' own parts do not know each other; this list is the only place that knows them all, by name.
PAGES = (
    PageSpec("today", ("cooperative",), "gui.cooperative.today:TodayPage", "today"),
    PageSpec("batches", ("cooperative",), "gui.cooperative.batches:BatchesPage", "batch"),
    PageSpec("register", ("cooperative",), "gui.cooperative.register:RegisterPage", "plus"),
    PageSpec("movement", ("cooperative",), "gui.cooperative.movement:MovementPage", "move"),
    PageSpec("labels", ("cooperative",), "gui.cooperative.labels:LabelsPage", "label"),
    PageSpec("rolls", ("cooperative",), "gui.cooperative.rolls:RollsPage", "label", False, "labels"),
    PageSpec("quality", ("cooperative",), "gui.cooperative.quality:QualityPage", "ok"),
    PageSpec("listing", ("cooperative",), "gui.cooperative.listing:ListingPage", "listing"),
    PageSpec("import", ("cooperative",), "gui.cooperative.importing:ImportPage", "import"),
    PageSpec("bundles", ("cooperative",), "gui.cooperative.bundles:BundlesPage", "import", False, "import"),
    PageSpec(
        "genealogy", ("cooperative",), "gui.cooperative.genealogy:GenealogyPage", "batch", False, "batches"
    ),
    PageSpec("lot", ("cooperative",), "gui.cooperative.lot:LotPage", "batch", False, "batches"),
    PageSpec("merchants", ("regulator",), "gui.regulator.merchants:MerchantsPage", "merchants"),
    PageSpec("dossier", ("regulator",), "gui.regulator.dossier:DossierPage", "merchants", False, "merchants"),
    PageSpec("inspection", ("regulator",), "gui.regulator.inspection:InspectionPage", "inspect"),
    PageSpec("monitor", ("regulator",), "gui.regulator.monitor:MonitorPage", "monitor"),
    PageSpec("cases", ("regulator",), "gui.regulator.cases:CasesPage", "complaint"),
    PageSpec("case", ("regulator",), "gui.regulator.case:CasePage", "complaint", False, "cases"),
    PageSpec("plan", ("regulator",), "gui.regulator.plan:PlanPage", "today"),
    PageSpec("policy", ("regulator",), "gui.regulator.policy:PolicyPage", "settings"),
    PageSpec("ledger", ("regulator",), "gui.regulator.entries:EntriesPage", "ledger"),
    PageSpec("recall", ("cooperative", "regulator"), "gui.recall:RecallPage", "recall"),
    PageSpec("logistics", ("cooperative", "regulator"), "gui.logistics:LogisticsPage", "location"),
    PageSpec("scan", ("consumer", "regulator"), "gui.consumer.scan:ScanPage", "scan"),
    PageSpec("ranking", ("consumer",), "gui.consumer.ranking:RankingPage", "star"),
    PageSpec("integrity", ROLES, "gui.integrity:IntegrityPage", "integrity"),
    PageSpec("witnesses", ROLES, "gui.witnesses:WitnessesPage", "integrity", False, "integrity"),
)


def pages_of(role: str) -> tuple[PageSpec, ...]:
    """Return the pages of one role, those in the rail first in their order."""
    return tuple(spec for spec in PAGES if role in spec.roles)


def spec_of(key: str) -> PageSpec:
    """Return the page with this key; asking for one that is not there is our own mistake."""
    return next(spec for spec in PAGES if spec.key == key)
