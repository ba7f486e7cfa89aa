"""Pictures are drawn anew: pixels alone, small enough, on white; what is no whole picture is refused."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from documents import pictures, uploads
from documents.pictures import redraw
from documents.uploads import UploadError
from tests.documents.test_uploads import JPEG, MACHINE, PDF

RED = (200, 30, 30)


def drawn(
    kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", color: Any = RED, **extra: Any
) -> bytes:
    """A picture in one color, as a file of that kind."""
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **extra)
    return out.getvalue()


def kept(name: str, content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(redraw(name, io.BytesIO(content)).content))


def near(pixel: object, color: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return max(abs(one - other) for one, other in zip(pixel, color, strict=True)) < 10


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("walk.png", drawn("PNG"), "png"),
        ("WALK.JPG", drawn("JPEG"), "jpeg"),
        ("walk.jpeg", drawn("JPEG"), "jpeg"),
        ("walk.webp", drawn("WEBP"), "jpeg"),
        ("logo.webp", drawn("WEBP", mode="RGBA", color=(*RED, 0), lossless=True), "png"),
    ],
    ids=["png", "JPG", "jpeg", "webp", "webp with transparency"],
)
def test_a_picture_is_kept_as_png_or_jpeg(name: str, content: bytes, kind: str) -> None:
    picture = redraw(name, io.BytesIO(content))
    assert (picture.kind, picture.width, picture.height) == (kind, 40, 20)
    found = Image.open(io.BytesIO(picture.content))
    assert (found.format, found.size, found.mode) == (kind.upper(), (40, 20), "RGB")


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x9C9C], exif[0x010E] = "Secretplace", "Secretplace"
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Secretplace")
    files = {
        "a.jpg": drawn("JPEG", exif=exif, comment=b"Secretplace", icc_profile=b"Secretplace" * 20, dpi=(72, 72)),
        "a.png": drawn("PNG", exif=exif, pnginfo=text, icc_profile=b"Secretplace" * 20),
        "a.webp": drawn("WEBP", exif=exif, xmp=b"Secretplace"),
    }
    for name, content in files.items():
        made = redraw(name, io.BytesIO(content)).content
        assert b"Secretplace" not in made
        found = Image.open(io.BytesIO(made))
        assert not found.getexif()
        assert not {"icc_profile", "comment", "Author", "xmp"} & set(found.info), name


def test_a_photograph_is_turned_the_way_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = redraw("a.jpg", io.BytesIO(drawn("JPEG", exif=exif)))
    assert (picture.width, picture.height) == (20, 40)


@pytest.mark.parametrize(
    ("mode", "color", "pixel"),
    [
        ("RGBA", (*RED, 0), (255, 255, 255)),
        ("RGBA", (*RED, 255), RED),
        ("LA", (0, 0), (255, 255, 255)),
        ("L", 40, 40),
        ("1", 1, 255),
        ("I;16", 200 * 256, 200),
    ],
)
def test_what_was_transparent_is_white_and_gray_stays_gray(mode: str, color: object, pixel: object) -> None:
    assert kept("a.png", drawn("PNG", mode=mode, color=color)).getpixel((3, 3)) == pixel


def test_colors_of_a_palette_and_of_print_are_kept() -> None:
    palette = io.BytesIO()
    Image.new("RGB", (8, 8), RED).quantize(4).save(palette, "PNG", transparency=3)
    assert kept("a.png", palette.getvalue()).getpixel((0, 0)) == RED
    pixel = kept("a.jpg", drawn("JPEG", mode="CMYK", color=(0, 255, 255, 0))).getpixel((0, 0))
    assert near(pixel, (255, 0, 0))


def test_a_large_picture_becomes_as_small_as_paper_needs() -> None:
    for kind, name in (("PNG", "a.png"), ("JPEG", "a.jpg")):
        picture = redraw(name, io.BytesIO(drawn(kind, size=(4000, 1000))))
        assert (picture.width, picture.height) == (2400, 600)


def test_of_a_moving_picture_the_first_is_kept() -> None:
    out = io.BytesIO()
    later = [Image.new("RGB", (8, 8), color) for color in ("blue", "green")]
    Image.new("RGB", (8, 8), RED).save(out, "WEBP", save_all=True, append_images=later, lossless=True)
    picture = kept("a.webp", out.getvalue())
    assert getattr(picture, "n_frames", 1) == 1
    assert near(picture.getpixel((0, 0)), RED)


def _png_of(width: int, height: int) -> bytes:
    """A small file that says it is that large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rest = chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rest


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        ("memo.pdf", PDF, "kind"),
        ("moving.gif", drawn("GIF"), "kind"),
        ("picture", drawn(), "kind"),
        ("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "content"),
        ("a.png", drawn("JPEG"), "content"),
        ("a.webp", drawn("PNG"), "content"),
        ("a.jpg", MACHINE, "content"),
        ("a.jpg", JPEG, "content"),
        ("cut.png", drawn()[:40], "content"),
        ("cut.webp", drawn("WEBP")[:-4], "content"),
        ("second.png", drawn() + b"PK\x03\x04", "content"),
        ("second.webp", drawn("WEBP") + b"PK\x03\x04", "content"),
        ("broken.png", drawn().replace(b"IDAT", b"IDAX"), "content"),
        ("nothing.png", b"", "empty"),
        ("wide.png", _png_of(5001, 5000), "pixels"),
        ("bomb.png", _png_of(12_000, 12_000), "pixels"),
        ("huge.png", _png_of(60_000, 60_000), "pixels"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_is_no_whole_picture_or_too_large_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(UploadError) as refused:
        redraw(name, io.BytesIO(content))
    assert refused.value.code == code


def test_a_file_beyond_the_limit_of_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = drawn()
    monkeypatch.setattr(pictures, "MAX_BYTES", len(content))
    redraw("a.png", io.BytesIO(content))
    with pytest.raises(UploadError, match="large"):
        redraw("a.png", io.BytesIO(content[:-12] + b"\0" * 13 + content[-12:]))


def test_evidence_takes_what_it_took_before() -> None:
    assert ".webp" not in uploads.KINDS
    assert set(uploads.PICTURES) == {".png", ".jpg", ".jpeg", ".webp"}
