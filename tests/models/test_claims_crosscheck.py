"""A claim that is lawful only if true is borne out or contradicted by entries, or stays unsupported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.errors import EventInvalid
from models.claims.crosscheck import CertificateFact, Facts, crosscheck
from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.subtitles import Cue, read_subtitles

NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def facts(scheme: str = "organic", standing: str = "valid", hours: int = 20, hands: int = 1) -> Facts:
    came = NOON + timedelta(hours=hours)
    return Facts(
        known=True,
        certificates=(CertificateFact(scheme, standing, (3, 8)),),
        inspections=((5, 0),),
        harvested=(NOON, 1),
        legs=((NOON, came, (6, 7)),),
        hands=tuple(range(20, 20 + hands)),
        until=(came, 7),
    )


@pytest.mark.parametrize(
    ("text", "known", "verdict", "entries"),
    [
        ("有机大米", facts(), "supported", (3, 8)),
        ("有机大米", facts(standing="expired"), "contradicted", (3, 8)),
        ("有机大米", facts(scheme="gap"), "unsupported", ()),
        ("有机大米", Facts(), "unsupported", ()),
        ("绿色食品", facts(scheme="green-food"), "supported", (3, 8)),
        ("国家地理标志产品", facts(scheme="geographical-indication"), "supported", (3, 8)),
        ("产地直供", facts(), "supported", (1, 20)),
        ("产地直供", facts(hands=2), "contradicted", (1, 20, 21)),
        ("现摘现发", facts(), "supported", (1, 7)),
        ("现摘现发", facts(hours=400), "contradicted", (1, 7)),
        ("当日达", facts(), "supported", (6, 7)),
        ("当日达", facts(hours=30), "unsupported", (6, 7)),
        ("检测合格", facts(), "supported", (5,)),
        ("零农残", facts(), "unsupported", ()),
        ("荣获金奖", facts(), "unsupported", ()),
    ],
)
def test_each_claim_is_judged_by_its_own_entries(
    lexicon: Lexicon, text: str, known: Facts, verdict: str, entries: tuple[int, ...]
) -> None:
    judged = crosscheck(text, lexicon, known)[0]
    assert (judged.verdict, judged.entries) == (verdict, entries)
    assert judged.statute


def test_a_failed_inspection_contradicts_what_was_said_of_tests(lexicon: Lexicon) -> None:
    failed = Facts(
        known=True, inspections=((9, 2),), certificates=(CertificateFact("lab-report", "valid", (2,)),)
    )
    assert [(each.verdict, each.entries) for each in crosscheck("零农残，检测合格", lexicon, failed)] == [
        ("contradicted", (9,)),
        ("contradicted", (9,)),
    ]


def test_organic_fertiliser_is_no_claim(lexicon: Lexicon) -> None:
    assert crosscheck("施有机肥", lexicon, facts()) == ()


SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\n<i>能根治</i>\n\n2\n00:00:02,100 --> 00:00:04,000\n能根治\n\n"
    "3\n00:00:05,0 --> 00:00:06,0\n12\n"
)
VTT = "WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:04.000 align:left\n能根治\n\nname\n00:05.000 --> 00:06.000\n12\n"
ASS = (
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:04.00,A,,0,0,0,,{\\b1}能根治\n"
    "Dialogue: 0,0:00:05.00,0:00:06.00,A,,0,0,0,,12\n"
)


@pytest.mark.parametrize(
    ("text", "suffix"),
    [(SRT, ".srt"), (VTT, ".vtt"), (ASS, ".ass"), ("\ufeff" + SRT.replace("\n", "\r\n"), ".srt")],
)
def test_each_form_of_subtitles_gives_the_same_cues(text: str, suffix: str) -> None:
    assert read_subtitles(text, suffix) == (Cue(1, 4, "能根治"), Cue(5, 6, "12"))


def test_a_file_without_cues_is_refused() -> None:
    with pytest.raises(EventInvalid, match="no subtitles"):
        read_subtitles("hello", ".srt")
