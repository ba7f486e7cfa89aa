"""
Pictures that people bring for a text: drawn anew, so that what is kept is pixels alone.

Where a camera stood, who owns it, a smaller picture inside and whatever else a file can carry is gone with it.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import IO, Literal

from PIL import Image, ImageOps

from documents import uploads
from documents.uploads import UploadError

MAX_BYTES = 10_000_000
MAX_PIXELS = 25_000_000
# The longer side in pixels of what is kept: sharp over the whole width of a printed page.
LONGEST = 2400
FORMATS = ("PNG", "JPEG", "WEBP")
# What Pillow raises for files that are not what they say, or damaged.
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, struct.error, zlib.error)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: the bytes of a PNG or JPEG file without anything else, and its size in pixels."""

    content: bytes
    kind: Literal["png", "jpeg"]
    width: int
    height: int


def redraw(name: str, file: IO[bytes]) -> Picture:
    """
    The picture in a file that is a whole PNG, JPEG or WebP and says so in its name; raises UploadError.

    Turned the way it was taken, on white where it was transparent, no longer than LONGEST; of a moving one, the
    first picture.
    """
    uploads.check(name, file, kinds=uploads.PICTURES, most=MAX_BYTES)
    try:
        with Image.open(file, formats=FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:
                raise UploadError("pixels")
            # A large photograph is decoded small at once, where its format can.
            found.draft("RGB", (LONGEST, LONGEST))
            photograph = found.format == "JPEG" or (found.format == "WEBP" and not found.has_transparency_data)
            return _kept(_plain(ImageOps.exif_transpose(found)), "jpeg" if photograph else "png")
    except _BOMBS as error:
        raise UploadError("pixels") from error
    except _DAMAGED as error:
        raise UploadError("content") from error


def _plain(picture: Image.Image) -> Image.Image:
    """In gray or RGB, small enough, on white, with nothing of what else the file said."""
    picture = _eight_bits(picture)
    mask = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        mask = picture.getchannel("A")
    mode = "L" if picture.mode in ("1", "L") else "RGB"
    clean = Image.new(mode, picture.size, "white")
    clean.paste(picture.convert(mode), mask=mask)
    clean.thumbnail((LONGEST, LONGEST))
    return clean


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Of gray in 16 bits, the upper eight: Pillow would take everything above 255 for white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("F").point(lambda value: value * (1 / 256)).convert("L")


def _kept(picture: Image.Image, kind: Literal["png", "jpeg"]) -> Picture:
    content = io.BytesIO()
    if kind == "jpeg":
        picture.save(content, "JPEG", quality=85, optimize=True)
    else:
        picture.save(content, "PNG", optimize=True)
    return Picture(content.getvalue(), kind, picture.width, picture.height)
