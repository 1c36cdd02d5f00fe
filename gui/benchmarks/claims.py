"""`bench claims`: how fast text is read, recall on quoted claims, false alarms on clean lines."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.rules import find

_LINE = "今早采摘的苹果，糖度十四度，坏果包赔，收到后冷藏口感更好；吃了能治疗高血压，全网销量第一。\n"
_CHARACTERS = 60_000
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
    return table


def speed_row(lexicon: Lexicon, characters: int = _CHARACTERS) -> dict[str, Any]:
    """Return characters a second over invented lines, beside one search for the lexicon's words."""
    lines = [_LINE.strip()] * max(1, characters // len(_LINE))
    ours = _rate(lines, lambda line: find(line, lexicon))
    plain = re.compile("|".join(map(re.escape, sorted(lexicon.words, key=len, reverse=True))))
    peer = _rate(lines, plain.findall)
    return {
        "what": "claims in text, characters/s (peer: one search for the words)",
        "ours": round(ours),
        "peer": round(peer),
        "ratio": ours / peer,
    }


def share(file: Path, lexicon: Lexicon) -> float:
    """Return the percentage of a file's lines in which something is found."""
    texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line]
    return round(100 * sum(bool(find(text, lexicon)) for text in texts) / len(texts), 1)


def _rate(lines: list[str], read: Callable[[str], object]) -> float:
    start = time.perf_counter()
    for line in lines:
        read(line)
    return sum(map(len, lines)) / max(time.perf_counter() - start, 1e-9)
