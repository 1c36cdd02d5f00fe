"""A code is read however the picture was taken, to the letter or not at all."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np
import pytest
import qrcode
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from gui.locate import locate
from gui.reading import grey_of, read
from gui.retries import OTHER, RETRIES, Grey, reduced
from gui.rubber import template
from gui.scanner import LiveScanner, decode, decode_file, look
from gui.unbend import unbend
from ledger.errors import EventInvalid

TEXT = "https://id.gs1.org/01/09521234543213/10/QL-260412"
GS1 = "01095212345432131727010110QL260412\x1d21000231"


def symbol(text: str = TEXT, box: int = 6, level: int = qrcode.constants.ERROR_CORRECT_M) -> Image.Image:
    made = qrcode.QRCode(error_correction=level, box_size=box)
    made.add_data(text)
    made.make()
    drawn = np.array(made.get_matrix(), bool).repeat(box, 0).repeat(box, 1)
    return Image.fromarray(np.where(drawn, 0, 255).astype(np.uint8))


def pixels(picture: Image.Image) -> Grey:
    return np.asarray(picture)


def bent(picture: Image.Image, amount: float, pieces: int = 24) -> Image.Image:
    """Roll the paper: columns follow half a wave up and down."""
    width, height = picture.size
    sheet = Image.new("L", (width, height + int(2 * amount)), 235)
    for i in range(pieces):
        left, right = width * i // pieces, width * (i + 1) // pieces
        strip = picture.crop((left, 0, right, height))
        sheet.paste(strip, (left, int(amount * (1 + np.sin(np.pi * i / pieces * 2)))))
    return sheet


@pytest.mark.parametrize("turn", [0, 31, 90, 180, 270, 300])
def test_a_turned_label_is_read(turn: int) -> None:
    [found] = decode(symbol().rotate(turn, expand=True, fillcolor=255))
    assert (found.text, found.format, found.attempt) == (TEXT, "QRCode", "plain")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "F", "I;16"])
def test_every_kind_of_picture_is_read(mode: str) -> None:
    picture = symbol()
    made = (
        Image.fromarray(pixels(picture).astype(np.uint16) * 200) if mode == "I;16" else picture.convert(mode)
    )
    assert decode(made)[0].text == TEXT


def test_what_is_transparent_is_paper() -> None:
    picture = symbol()
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=picture.point(lambda level: 255 - level))
    assert decode(clear)[0].text == TEXT


def test_colour_pixels_as_an_array_are_read() -> None:
    assert decode(pixels(symbol().convert("RGB")))[0].text == TEXT


@pytest.mark.parametrize("change", [step.change for step in RETRIES], ids=[step.name for step in RETRIES])
@pytest.mark.parametrize("size", [(1, 1), (3, 200), (640, 480)])
def test_every_step_takes_any_picture(change: object, size: tuple[int, int]) -> None:
    assert callable(change)
    made = change(np.full(size, 90, np.uint8))
    assert made.dtype == np.uint8
    assert made.ndim == 2


def test_a_dark_noisy_label_takes_a_retry() -> None:
    noise = np.random.default_rng(3).normal(0, 2.5, (800, 800))
    picture = np.full((800, 800), 9.0)
    code = pixels(symbol(box=8)).astype(float)
    picture[60 : 60 + len(code), 60 : 60 + len(code)] = 6 + code / 255 * 12
    [found] = decode(np.clip(picture + noise, 0, 255).astype(np.uint8))
    assert found.text == TEXT


@pytest.mark.parametrize("amount", [9, 10, 13, 16])
def test_a_bent_label_is_read(amount: int) -> None:
    picture = bent(symbol(box=8), amount).filter(ImageFilter.GaussianBlur(1))
    found = decode(picture, budget_s=20)
    assert [one.text for one in found] == [TEXT]


def test_bending_is_undone_where_the_plain_decoder_fails() -> None:
    picture = bent(symbol(box=8), 10)
    assert decode(picture, budget_s=20)[0].attempt == "unbent"


def test_a_torn_label_is_seen_but_not_guessed() -> None:
    picture = symbol(box=8, level=qrcode.constants.ERROR_CORRECT_L)
    ImageDraw.Draw(picture).rectangle((110, 110, 330, 330), fill=200)
    sight = look(picture)
    assert sight.decoded == ()
    assert sight.seen


def test_noise_holds_no_code() -> None:
    noise = np.random.default_rng(11).integers(0, 255, (600, 800)).astype(np.uint8)
    assert decode(noise) == ()


def test_the_time_is_kept() -> None:
    ticks = count()
    noise = np.random.default_rng(12).integers(0, 255, (200, 200)).astype(np.uint8)
    decode(noise, budget_s=5, clock=lambda: float(next(ticks)))
    assert next(ticks) < 12


def test_of_several_labels_the_middle_one_comes_first() -> None:
    sheet = Image.new("L", (1200, 420), 255)
    for number, text in enumerate(("LEFT-LABEL", "MIDDLE-LABEL", "RIGHT-LABEL")):
        sheet.paste(symbol(text), (60 + 400 * number, 80))
    found = decode(sheet, every=True)
    assert found[0].text == "MIDDLE-LABEL"
    assert {one.text for one in found} == {"LEFT-LABEL", "MIDDLE-LABEL", "RIGHT-LABEL"}
    assert decode(sheet.rotate(180), every=True)[0].text == "MIDDLE-LABEL"


def gs1_symbol(kind: zxingcpp.BarcodeFormat) -> Image.Image:
    made = zxingcpp.create_barcode("(01)09521234543213(17)270101(10)QL260412(21)000231", kind, gs1=True)
    return Image.fromarray(np.array(made.to_image(scale=6)))


def test_a_gs1_data_matrix_keeps_its_separators() -> None:
    [found] = decode(gs1_symbol(zxingcpp.BarcodeFormat.DataMatrix))
    assert (found.format, found.text, found.gs1) == ("DataMatrix", GS1, True)


def test_a_product_number_is_read() -> None:
    made = zxingcpp.create_barcode("9521234543213", zxingcpp.BarcodeFormat.EAN13)
    [found] = decode(Image.fromarray(np.array(made.to_image(scale=4))))
    assert (found.format, found.text, found.attempt) == ("EAN13", "9521234543213", OTHER.name)


def test_a_large_photo_is_reduced_for_its_retries_and_its_places_are_not() -> None:
    small, back = reduced(np.zeros((3000, 4000), np.uint8))
    assert max(small.shape) == 1800
    assert back == pytest.approx(4000 / 1800)
    photo = Image.new("L", (4000, 3000), 128)
    photo.paste(symbol(), (3000, 2000))
    [found] = decode(photo)
    assert found.position[0] == pytest.approx((3024, 2024), abs=6)


class TestFiles:
    def test_a_photo_is_turned_as_its_camera_held_it(self, tmp_path: Path) -> None:
        file = tmp_path / "photo.jpg"
        exif = Image.Exif()
        exif[0x0112] = 6
        symbol().save(file, exif=exif)
        assert decode_file(file)[0].text == TEXT

    @pytest.mark.parametrize(("content", "code"), [(b"no picture", "not-a-picture"), (b"", "not-a-picture")])
    def test_what_is_no_picture_is_refused(self, tmp_path: Path, content: bytes, code: str) -> None:
        file = tmp_path / "label.png"
        file.write_bytes(content)
        with pytest.raises(EventInvalid) as refused:
            decode_file(file)
        assert (refused.value.code, refused.value.field) == (code, "image")
        assert str(file) in refused.value.where

    def test_half_a_picture_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "label.png"
        symbol(box=20).save(file)
        file.write_bytes(file.read_bytes()[:400])
        with pytest.raises(EventInvalid, match="cannot be read"):
            decode_file(file)

    def test_a_file_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(EventInvalid, match="No such file"):
            decode_file(tmp_path / "gone.png")


class TestLive:
    def test_a_clear_frame_is_read_at_once(self) -> None:
        assert LiveScanner().look(pixels(symbol())).decoded[0].text == TEXT

    def test_a_bent_label_is_read_within_a_few_frames(self) -> None:
        frame, live = pixels(bent(symbol(box=8), 10)), LiveScanner(clock=lambda: 0.0)
        texts = [[one.text for one in live.look(frame).decoded] for _ in range(20)]
        assert [TEXT] in texts

    def test_a_label_too_torn_to_read_is_still_seen(self) -> None:
        picture = symbol(box=8, level=qrcode.constants.ERROR_CORRECT_L)
        ImageDraw.Draw(picture).rectangle((110, 110, 330, 330), fill=200)
        assert LiveScanner().look(pixels(picture)).seen

    def test_a_data_matrix_comes_round(self) -> None:
        frame, live = grey_of(gs1_symbol(zxingcpp.BarcodeFormat.DataMatrix)), LiveScanner()
        assert any(live.look(frame).decoded for _ in range(24))


class TestUnbending:
    def test_the_template_agrees_with_every_symbol(self) -> None:
        for version in range(1, 26):
            made = qrcode.QRCode(version=version, border=0)
            made.add_data("1")
            made.make(fit=False)
            dark = np.where(np.array(made.get_matrix()), 1, -1)
            fixed = template(17 + 4 * version)
            assert (fixed * dark >= 0).all()
            assert np.count_nonzero(fixed) > 180

    def test_it_stops_when_asked(self) -> None:
        made = symbol(box=8, text="STOP")
        side = made.width - 32
        quad = ((32.0, 32.0), (float(side), 32.0), (float(side), float(side)), (32.0, float(side)))
        assert len(list(unbend(pixels(made), [(quad, 1)], lambda: True))) <= 1
        assert len(list(unbend(pixels(made), [(quad, 1)], lambda: False))) > 1

    @pytest.mark.parametrize("version", [None, -3, 27, 40])
    def test_what_is_too_large_is_left_alone(self, version: int | None) -> None:
        place = ((0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (0.0, 200.0))
        assert list(unbend(np.zeros((220, 220), np.uint8), [(place, version)], lambda: False)) == []

    def test_noise_is_not_pursued(self) -> None:
        noise = np.random.default_rng(5).integers(0, 255, (220, 220)).astype(np.uint8)
        place = ((10.0, 10.0), (200.0, 10.0), (200.0, 200.0), (10.0, 200.0))
        assert not any(read(flat).decoded for _, flat in unbend(noise, [(place, 4)], lambda: False))


class TestTorn:
    @pytest.mark.parametrize("corner", [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8)])
    def test_a_code_is_read_whose_corner_is_torn_off(self, corner: tuple[float, float]) -> None:
        picture = symbol(box=8, level=qrcode.constants.ERROR_CORRECT_H).rotate(
            7, Image.Resampling.BICUBIC, expand=True, fillcolor=255
        )
        x, y = corner[0] * picture.width, corner[1] * picture.height
        ImageDraw.Draw(picture).ellipse((x - 22, y - 22, x + 22, y + 22), 160)
        assert not read(pixels(picture)).decoded
        assert {one.text for one in decode(picture, budget_s=20)} == {TEXT}

    def test_a_label_round_a_tin_is_read(self) -> None:
        picture = symbol(box=10)
        across = np.linspace(-1, 1, picture.width)
        source = ((np.arcsin(across * np.sin(1.1)) / 1.1 + 1) / 2 * (picture.width - 1)).astype(int)
        rolled = bent(Image.fromarray(pixels(picture)[:, source]), 9)
        assert not read(pixels(rolled)).decoded
        assert {one.text for one in decode(rolled, budget_s=20)} == {TEXT}


class TestLocating:
    @pytest.mark.parametrize("turn", [0, 20, 90, 200, 315])
    def test_a_code_is_found_by_its_corners(self, turn: int) -> None:
        made = symbol(box=8)
        scene = Image.new("L", (900, 700), 170)
        scene.paste(made, (300, 200))
        turned = scene.rotate(turn, resample=Image.Resampling.BILINEAR, fillcolor=170)
        [exact] = decode(turned)
        place = locate(pixels(turned))[0]
        assert np.abs(np.array(place.position) - np.array(exact.position)).max() < 16
        assert 17 + 4 * place.version == made.width // 8 - 8

    def test_noise_proposes_little_and_costs_little(self) -> None:
        noise = np.random.default_rng(6).integers(0, 255, (600, 800)).astype(np.uint8)
        assert len(locate(noise)) <= 3
        assert locate(np.full((50, 50), 7, np.uint8)) == []
