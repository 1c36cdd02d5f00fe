"""Published photos of QR codes are read as well as measured, and never wrongly.

Photos: the decoder's own black-box set, zxing-cpp/zxing-cpp @77dceca, test/samples/qrcode-*; the exact
text lies beside each photo.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from shared import shared

from gui import retries
from gui.reading import grey_of, read
from gui.scanner import decode, decode_file, joined_messages, open_picture

TURNS = (0, 90, 180, 270)
# This photo holds a second, larger code around the one its text file names.
SECOND_CODE = "16.webp"
FLOOR = 0.99


def photos() -> list[tuple[Path, str]]:
    folder = shared("qr/zxing-cpp")
    return [
        (photo, photo.with_suffix(".txt").read_bytes().decode())
        for photo in sorted(folder.glob("qrcode-[1-6]/*"))
        if photo.suffix != ".txt"
    ]


def test_turned_photos_are_read_ahead_of_the_plain_decoder_and_never_wrongly() -> None:
    ours = plain = tried = 0
    wrong: list[str] = []
    for photo, text in photos():
        picture = open_picture(photo)
        for turn in TURNS:
            turned = picture.rotate(turn, expand=True)
            found = decode(turned)
            tried += 1
            ours += any(one.text == text for one in found)
            plain += any(one.text == text for one in read(grey_of(turned), retries.PLAIN).decoded)
            if photo.name != SECOND_CODE:
                wrong += [f"{photo.name} {turn}: {one.text[:60]}" for one in found if one.text != text]
    assert not wrong
    assert tried == 548
    assert ours / tried >= FLOOR
    assert ours > plain


def test_a_message_spread_over_four_photos_is_joined_to_the_letter() -> None:
    folder = shared("qr/zxing-cpp/qrcode-7")
    found = [one for photo in sorted(folder.glob("*.png")) for one in decode_file(photo)]
    assert [one.part and one.part.number for one in found] == [0, 1, 2, 3]
    assert [whole.content for whole in joined_messages(found)] == [(folder / "01.txt").read_bytes()]
    assert joined_messages(found[1:]) == ()


@pytest.mark.parametrize("turn", TURNS)
def test_a_spread_message_shown_at_once_is_joined(turn: int) -> None:
    folder = shared("qr/zxing-cpp/qrcode-7")
    pictures = [Image.open(photo).convert("L") for photo in sorted(folder.glob("*.png"))]
    width, height = (max(p.width for p in pictures) + 40, max(p.height for p in pictures) + 40)
    sheet = Image.new("L", (2 * width, 2 * height), 255)
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number % 2 * width + 20, number // 2 * height + 20))
    found = decode(sheet.rotate(turn, expand=True), every=True)
    assert found[0].attempt == "joined"
    assert found[0].content == (folder / "01.txt").read_bytes()
