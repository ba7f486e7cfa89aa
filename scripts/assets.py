"""Copy the used parts of node_modules/ into static/vendor/; standard library only.

`scripts/setup.sh` runs it after `npm ci`. The USWDS package alone would be 15,000 static files; the pages and
the PDF use about a hundred.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
USWDS = MODULES / "@uswds" / "uswds"
VENDOR = ROOT / "static" / "vendor"
UNFINISHED = ROOT / "static" / ".vendor-unfinished"

USWDS_FILES = ("css/uswds.min.css", "img/sprite.svg")
PUBLIC_SANS = ("Light", "Regular", "Italic", "SemiBold", "SemiBoldItalic", "Bold", "BoldItalic")
# The scripts that Public Sans lacks. Hebrew and Arabic have no italic.
NOTO = {
    "noto-sans": (
        "latin",
        "latin-ext",
        "greek",
        "greek-ext",
        "cyrillic",
        "cyrillic-ext",
        "vietnamese",
        "devanagari",
    ),
    "noto-sans-hebrew": ("hebrew",),
    "noto-sans-arabic": ("arabic", "math", "symbols"),
}
# What turns pasted HTML into Markdown: the plain script, and a CommonJS module that a page cannot load as it is.
TURNDOWN = MODULES / "turndown"
TURNDOWN_TABLES = MODULES / "@joplin" / "turndown-plugin-gfm"
AS_SCRIPT = (b"var turndownPluginGfm = (() => { const exports = {};\n", b"\nreturn exports; })();\n")
SOURCE_MAP = re.compile(rb"\s*/\*# sourceMappingURL=\S+ \*/\s*\Z")
NAMED_FILE = re.compile(r"url\(\.\./((?:fonts|img)/[^)?#]+)[?#]?[^)]*\)")


def named_by_the_css() -> set[str]:
    """The fonts and images that uswds.min.css names, as paths inside dist/."""
    css = (USWDS / "dist" / "css" / "uswds.min.css").read_text(encoding="utf-8")
    return set(NAMED_FILE.findall(css))


def uswds_files() -> Iterator[tuple[Path, str]]:
    """Pairs of a file in node_modules/ and its place in static/vendor/."""
    public_sans = {f"fonts/public-sans/PublicSans-{style}.{kind}" for style in PUBLIC_SANS for kind in ("ttf", "woff2")}
    for name in sorted({*USWDS_FILES, *public_sans, *named_by_the_css()}):
        yield USWDS / "dist" / name, f"uswds/{name}"
    yield USWDS / "LICENSE.md", "uswds/LICENSE.md"


def noto_files() -> Iterator[tuple[Path, str]]:
    """Pairs of a file in node_modules/ and its place in static/vendor/: regular, bold and their italics."""
    for package, subsets in NOTO.items():
        folder = MODULES / "@fontsource" / package
        for subset in subsets:
            for path in sorted((folder / "files").glob(f"{package}-{subset}-[47]00-*.woff2")):
                yield path, f"fonts/{path.name}"
        yield folder / "LICENSE", f"fonts/{package}-LICENSE"


def turndown_files() -> Iterator[tuple[Path, str]]:
    """Pairs of a file in node_modules/ and its place in static/vendor/."""
    yield TURNDOWN / "dist" / "turndown.js", "turndown/turndown.js"
    yield TURNDOWN / "LICENSE", "turndown/LICENSE"
    yield TURNDOWN_TABLES / "lib" / "turndown-plugin-gfm.cjs.js", "turndown/turndown-plugin-gfm.js"
    yield TURNDOWN_TABLES / "LICENSE", "turndown/turndown-plugin-gfm-LICENSE"


def copy(source: Path, target: Path) -> None:
    """Copy one file; a style loses the link to its source map, which is not copied; a module becomes a script."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    if source.suffix == ".css":
        content = SOURCE_MAP.sub(b"\n", content)
    if source.name.endswith(".cjs.js"):
        content = content.join(AS_SCRIPT)
    target.write_bytes(content)


def main() -> None:
    """Build the folder beside the old one, then swap: a copy that breaks off leaves nothing half done."""
    shutil.rmtree(UNFINISHED, ignore_errors=True)
    for source, place in (*uswds_files(), *noto_files(), *turndown_files()):
        copy(source, UNFINISHED / place)
    shutil.rmtree(VENDOR, ignore_errors=True)
    UNFINISHED.rename(VENDOR)


if __name__ == "__main__":
    main()
