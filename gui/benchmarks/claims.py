"""`bench claims`: how fast text is read, recall on quotes, false alarms on clean lines, each disguise undone.

Speed is measured on lines that all differ, lawful and unlawful turn by turn, beside one search for all words
of the lexicon: the least that any list of words would do.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gui.benchmarks._video import video_rows
from models.claims.evasions import measure
from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.rules import find

_LINES = (
    "第{}批今早采摘的{}，糖度十四度，坏果包赔，收到后冷藏口感更好。",
    "家人们看这个{1}，{0}块钱一箱，吃了能治疗高血压，全网销量第一。",
    "{1}净含量{0}克，等级一级，保质期十二个月，请放在阴凉处保存；有问题联系客服。",
    "合作社{0}户人家种{1}，用有机肥，人工除草，头茬采收当天发货，运费随地区不同。",
    "{1}喝{0}天，皮肤白了，睡眠好了，免疫力也上来了，真的不骗你们。",
)
_GOODS = ("苹果", "大米", "蜂蜜", "绿茶", "木耳", "腊肉", "橙子", "小米", "香菇", "枸杞")
_CHARACTERS = 60_000
_FEW = 200
_WARM = 50
_ROOT = Path(__file__).resolve().parents[2].parent / "shared"


def rows(say: Callable[[str], None], folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the table: characters a second beside a plain list of words, then recall and false alarms."""
    lexicon = load_lexicon()
    table = [speed_row(lexicon)]
    data = folder or Path(os.environ.get("SUXIN_SHARED", _ROOT)) / "data" / "claims"
    for name, file in (("recall %", "real_case_quotes.jsonl"), ("false alarms %", "clean_lines.jsonl")):
        if (data / file).exists():
            table.append({"what": name, "ours": share(data / file, lexicon), "peer": None, "ratio": None})
        else:
            say(f"no lines here: {data / file}")
    # Watching takes a minute: not when only a folder's lines are asked about.
    watched = [] if folder else video_rows(say, lexicon)
    return [*table, *evasion_rows(lexicon, quoted(data)), *watched]


def speed_row(lexicon: Lexicon, characters: int = _CHARACTERS) -> dict[str, Any]:
    """Return characters a second over invented lines, beside one search for the lexicon's words."""
    lines = invented(characters)
    ours = _rate(lines, lambda line: find(line, lexicon))
    plain = re.compile("|".join(map(re.escape, sorted(lexicon.words, key=len, reverse=True))))
    peer = _rate(lines, plain.findall)
    return {
        "what": "claims in text, characters/s (peer: one search for the words)",
        "ours": round(ours),
        "peer": round(peer),
        "ratio": ours / peer,
    }


def invented(characters: int) -> list[str]:
    """Return that many characters of different lines."""
    lines: list[str] = []
    size = 0
    while size < characters:
        number = len(lines)
        lines.append(_LINES[number % len(_LINES)].format(number % 997, _GOODS[number // 7 % len(_GOODS)]))
        size += len(lines[-1])
    return lines


def quoted(folder: Path) -> list[tuple[str, str]]:
    """Return unlawful texts to hide: the quotes, where they are, and the invented lines."""
    file = folder / "real_case_quotes.jsonl"
    rows = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    texts = [json.loads(row)["text"] for row in rows if row] + invented(_FEW)
    return [(text, "general") for text in texts]


def evasion_rows(lexicon: Lexicon, texts: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return for each kind of disguise the percentage of hidden words that are found."""
    return [
        {
            "what": f"found though hidden by {kind} % ({tried} tried)",
            "ours": round(100 * (1 - len(missed) / tried), 1) if tried else None,
            "peer": None,
            "ratio": None,
        }
        for kind, tried, missed in measure(texts, lexicon)
    ]


def share(file: Path, lexicon: Lexicon) -> float:
    """Return the percentage of a file's lines in which something is found."""
    texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line]
    return round(100 * sum(bool(find(text, lexicon)) for text in texts) / len(texts), 1)


def _rate(lines: list[str], read: Callable[[str], object]) -> float:
    for line in lines[:_WARM]:  # patterns are compiled when first tried
        read(line)
    start = time.perf_counter()
    for line in lines:
        read(line)
    return sum(map(len, lines)) / max(time.perf_counter() - start, 1e-9)
