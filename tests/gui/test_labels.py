"""Every label reads back to the letter before it exists, in every format, on every paper, with its words."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.util import lost_point

from gui.labels import LONGEST, Label, stock, stocks, warnings, write_labels
from gui.labels.label import layout
from gui.labels.symbol import symbol
from gui.labels.text import set_words
from gui.labels.typeface import Typeface, typeface
from gui.reading import reads_back
from gui.scanner import decode, decode_file
from gui.words import LOCALES, Words
from ledger.errors import EventInvalid, LedgerError

LINK = "https://id.gs1.org/01/09521234543213/10/QL-260412"
WORDS = ("青岭茶叶合作社 · 杭州西湖区龙坞", "批次 QL-260412 · 2026年4月2日采摘", "净含量 250 克")
TEA = Label(LINK, "明前龙井茶 一级", WORDS)

needs_chinese = pytest.mark.skipif(not typeface().chinese, reason="no Chinese typeface here (fonts-noto-cjk)")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="no pdftoppm here (poppler-utils)")


def pages(file: Path, dpi: int = 200) -> list[Image.Image]:
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", file, file.with_suffix("")], check=True)
    return [opened(page) for page in sorted(file.parent.glob("*.pgm"))]


def opened(file: Path) -> Image.Image:
    with Image.open(file) as picture:
        picture.load()
        return picture


def svg_symbol(file: Path) -> Image.Image:
    """Draw an SVG label's path at 12 dots a module: runs are all it is made of."""
    path = ElementTree.parse(file).getroot().findall(".//{http://www.w3.org/2000/svg}path")[0].get("d") or ""
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)]
    side = max(y for _, y, _ in runs) + 1
    modules = np.zeros((side, side), bool)
    for x, y, length in runs:
        modules[y, x : x + length] = True
    dark = np.pad(modules, 4).repeat(12, 0).repeat(12, 1)
    return Image.fromarray(np.where(dark, 0, 255).astype(np.uint8))


class TestFormats:
    @pytest.mark.parametrize("paper", [one.name for one in stocks()])
    def test_a_png_reads_back_on_every_paper(self, tmp_path: Path, paper: str) -> None:
        report = write_labels([TEA], tmp_path / "tea.png", paper)
        assert report.files == (tmp_path / "tea.png",)
        assert [one.text for one in decode_file(report.files[0])] == [LINK]
        picture = opened(report.files[0])
        width, _ = stock(paper).label
        assert picture.width == pytest.approx(width / 25.4 * 300, abs=1)
        assert picture.info["dpi"][0] == pytest.approx(300, abs=0.1)

    def test_an_svg_reads_back_and_refers_to_nothing(self, tmp_path: Path) -> None:
        sharp = Label(LINK, 'Tea & <"herbs">', WORDS)
        [file] = write_labels([sharp], tmp_path / "tea.svg").files
        assert decode(svg_symbol(file))[0].text == LINK
        source = file.read_text(encoding="utf-8")
        assert not re.search(r"href|url\(|@import|<image|<script", source)
        said = "".join("".join(ElementTree.fromstring(source.encode()).itertext()).split())
        assert 'Tea&<"herbs">' in said

    @needs_poppler
    @pytest.mark.parametrize("paper", ["a4-3x8", "a4-2x7", "a4-4x10", "roll-50x30"])
    def test_every_label_of_a_sheet_reads_back_at_200_dpi(self, tmp_path: Path, paper: str) -> None:
        tea = [Label(f"{LINK}/21/{i:05d}", TEA.title, TEA.lines, capitals=True) for i in range(45)]
        report = write_labels(tea, tmp_path / "sheet.pdf", paper)
        assert report.printed == 45
        found = [one.text for page in pages(tmp_path / "sheet.pdf") for one in decode(page, every=True)]
        assert sorted(found) == sorted(one.payload for one in tea)

    @needs_poppler
    @needs_chinese
    def test_a_sheet_shows_chinese_and_can_be_searched(self, tmp_path: Path) -> None:
        write_labels([TEA], tmp_path / "tea.pdf", "roll-100x70")
        said = subprocess.run(
            ["pdftotext", tmp_path / "tea.pdf", "-"], check=True, capture_output=True, text=True
        ).stdout
        assert "明前龙井茶 一级" in said
        assert "净含量 250 克" in said
        blank = write_labels([Label(LINK)], tmp_path / "blank.png", "roll-100x70").files[0]
        drawn = write_labels([TEA], tmp_path / "tea.png", "roll-100x70").files[0]
        ink = [int((np.asarray(opened(file)) < 128).sum()) for file in (blank, drawn)]
        assert ink[1] > ink[0] * 1.05

    def test_the_same_labels_give_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("one.pdf", "two.pdf"):
            write_labels([TEA], tmp_path / name)
        assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()

    def test_several_pictures_are_numbered(self, tmp_path: Path) -> None:
        report = write_labels([TEA, Label("urn:epc:id:sgtin:9521234.054321.7")], tmp_path / "l.png")
        assert [file.name for file in report.files] == ["l.png", "l-2.png"]
        assert decode_file(report.files[1])[0].text == "urn:epc:id:sgtin:9521234.054321.7"

    @needs_poppler
    def test_a_begun_sheet_is_used_up(self, tmp_path: Path) -> None:
        write_labels([TEA] * 2, tmp_path / "rest.pdf", "a4-3x8", first=23)
        made = pages(tmp_path / "rest.pdf")
        assert len(made) == 2
        [last] = decode(made[0], every=True)
        assert last.position[0][1] > made[0].height * 0.85

    def test_more_than_255_characters_fit_one_document(self, tmp_path: Path) -> None:
        many = [Label(LINK, "".join(chr(0x4E00 + 20 * i + j) for j in range(20))) for i in range(30)]
        write_labels(many, tmp_path / "many.pdf")
        assert (tmp_path / "many.pdf").read_bytes().count(b"/Type3") >= (2 if typeface().chinese else 1)


class TestCodes:
    @settings(max_examples=60, deadline=None)
    @given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=LONGEST))
    def test_any_code_up_to_the_limit_reads_back(self, code: str) -> None:
        label = Label(code)
        assert symbol(label.payload).holds(40)

    @settings(max_examples=30, deadline=None)
    @given(st.text("批次产地水稻苹果海鲜一二三ABC123/-", min_size=1, max_size=50))
    def test_chinese_codes_read_back(self, code: str) -> None:
        assert symbol(code).holds(40)

    def test_a_link_in_capitals_takes_a_smaller_symbol(self) -> None:
        plain, capitals = Label(LINK + "/21/000231"), Label(LINK + "/21/000231", capitals=True)
        assert capitals.payload == "HTTPS://ID.GS1.ORG/01/09521234543213/10/QL-260412/21/000231"
        assert symbol(capitals.payload).version < symbol(plain.payload).version

    @pytest.mark.parametrize("code", ["urn:epc:class:lgtin:9521234.054321.ab", "lot ab 17"])
    def test_only_links_are_capitalised(self, code: str) -> None:
        assert Label(code, capitals=True).payload == code

    @pytest.mark.parametrize("text", [f"{LINK}/21/{n}" for n in range(8)] + ["批次一", "LOT 17"])
    def test_the_mask_is_the_one_the_standard_prefers(self, text: str) -> None:
        ours = symbol(text)
        for mask in range(8):
            made = qrcode.QRCode(error_correction=0, mask_pattern=mask)
            made.add_data(text)
            made.make()
            assert ours.version <= made.version
            if not text.isascii():
                assert lost_point(ours.modules.tolist()) <= lost_point(made.modules)
        drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        theirs = np.array(drawn.to_image(scale=1, add_quiet_zones=False)) < 128
        if text.isascii():
            assert lost_point(ours.modules.tolist()) <= lost_point(theirs.tolist())

    @given(st.text("ABC0123/-.", min_size=1, max_size=90), st.sampled_from("LMQH"))
    @settings(max_examples=40, deadline=None)
    def test_whatever_the_mask_the_symbol_says_the_same(self, text: str, level: str) -> None:
        assert reads_back(np.asarray(symbol(text, level).picture(4)), text)

    @pytest.mark.parametrize(
        ("code", "problem"),
        [
            ("", "label-empty"),
            ("  ", "label-empty"),
            ("x" * 171, "label-too-long"),
            ("a\x1db", "label-invisible"),
        ],
    )
    def test_what_cannot_be_a_label_is_refused_beside_its_field(self, code: str, problem: str) -> None:
        with pytest.raises(EventInvalid) as refused:
            Label(code)
        assert (refused.value.code, refused.value.field) == (problem, "code")

    def test_an_unknown_level_is_refused(self) -> None:
        with pytest.raises(EventInvalid, match="M, Q or H"):
            Label(LINK, level="Z")


class TestWarnings:
    def test_small_modules_are_named_with_their_width(self) -> None:
        dense = Label("https://example.org/" + "x" * 145, level="H")
        [warning] = warnings([dense], stock("roll-40x30"))
        assert warning.code == "module-small"
        assert float(dict(warning.params)["module"]) < 0.4
        assert warnings([TEA], stock("roll-60x40")) == ()

    def test_a_label_that_would_not_read_is_refused_and_nothing_is_written(self, tmp_path: Path) -> None:
        dense = Label("https://example.org/" + "x" * 150, level="H")
        with pytest.raises(EventInvalid) as refused:
            write_labels([TEA, dense], tmp_path / "x.pdf", "a4-5x13")
        assert refused.value.code == "label-unreadable"
        assert list(tmp_path.iterdir()) == []

    def test_without_a_chinese_face_the_words_are_left_out_and_that_is_said(self, tmp_path: Path) -> None:
        report = write_labels([TEA], tmp_path / "tea.png", face=Typeface(None))
        [warning] = report.warnings
        assert warning.code == "words-left-out"
        assert "茶" in dict(warning.params)["characters"]
        assert decode_file(report.files[0])[0].text == LINK

    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_warning_paper_and_level_has_words(self, locale: str) -> None:
        words = Words(locale)
        for key in ("label.warning.module-small", "label.warning.words-left-out"):
            assert words.has(key)
        assert all(words.has(f"label.stock.{one.name}") for one in stocks())
        assert all(words.has(f"label.level.{level}") for level in "LMQH")


class TestWords:
    @pytest.mark.parametrize("paper", [one.name for one in stocks()])
    def test_words_stay_on_the_label(self, paper: str) -> None:
        face, size = typeface(), stock(paper).label
        arranged = layout(size)
        assert arranged.words
        long = Label(LINK, "特级" * 30, tuple("很长的一行说明" * 9 for _ in range(6)))
        for label in (TEA, long):
            lines = set_words(label, arranged.words, arranged, face)
            assert lines[0].role == "title"
            for line in lines:
                assert line.x + face.width(line.text) * line.em <= size[0]
                assert line.y <= size[1]

    def test_the_symbol_and_its_quiet_zone_stay_on_the_label(self) -> None:
        for one in stocks():
            box = layout(one.label).symbol
            assert box.x >= 0
            assert box.y >= 0
            assert box.x + box.width <= one.label[0]
            assert box.y + box.height <= one.label[1]

    def test_the_places_of_a_sheet_lie_on_it_and_apart(self) -> None:
        for one in stocks():
            places = list(one.places())
            assert len(places) == one.per_page
            assert max(x for x, _ in places) + one.label[0] <= one.page[0] + 0.01
            assert max(y for _, y in places) + one.label[1] <= one.page[1] + 0.01


class TestTargets:
    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(LedgerError) as refused:
            write_labels([TEA], tmp_path / "gone" / "tea.png")
        assert refused.value.code == "label-target"
        assert "gone" in refused.value.where

    def test_a_folder_in_the_files_place_leaves_nothing_behind(self, tmp_path: Path) -> None:
        (tmp_path / "tea.pdf").mkdir()
        with pytest.raises(LedgerError):
            write_labels([TEA], tmp_path / "tea.pdf")
        assert [file.name for file in tmp_path.iterdir()] == ["tea.pdf"]

    @pytest.mark.parametrize(
        ("name", "sheet", "first", "code"),
        [
            ("tea.docx", None, 0, "label-format"),
            ("tea", None, 0, "label-format"),
            ("tea.pdf", "a5", 0, "label-sheet-unknown"),
            ("tea.pdf", "a4-3x8", 24, "label-place"),
        ],
    )
    def test_what_is_asked_wrongly_is_refused(
        self, tmp_path: Path, name: str, sheet: str | None, first: int, code: str
    ) -> None:
        with pytest.raises(EventInvalid) as refused:
            write_labels([TEA], tmp_path / name, sheet, first=first)
        assert refused.value.code == code

    def test_no_labels_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(EventInvalid, match="no labels"):
            write_labels([], tmp_path / "tea.pdf")

    def test_stopping_writes_nothing(self, tmp_path: Path) -> None:
        def stop(done: int, total: int) -> None:
            raise InterruptedError(f"{done} of {total}")

        with pytest.raises(InterruptedError, match="0 of 1"):
            write_labels([TEA], tmp_path / "tea.pdf", progress=stop)
        assert list(tmp_path.iterdir()) == []
