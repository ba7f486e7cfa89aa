"""HTML to a PDF that is accessible and archival at once: PDF/UA-1 and PDF/A-3a (ISO 14289-1, ISO 19005-3).

WeasyPrint writes a tagged PDF/A-3a. What PDF/UA-1 asks for besides is put in before the file is written, on
WeasyPrint's own objects, so no second pass reads and writes the file again.
"""

import gc
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pydyf
from weasyprint import HTML, Attachment
from weasyprint.logger import LOGGER, PROGRESS_LOGGER

from documents.apart import RenderError, Stage, make_apart, tell
from documents.static_files import BASE_URL, StaticFetcher

# The identifier of PDF/UA-1, and its declaration, since PDF/A knows only properties that are declared.
_UA_METADATA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""

Html = str | Callable[[], str]
# What WeasyPrint says of itself: "Step 5 - Creating layout - Page 12".
_STEP = re.compile(r"Step (\d)(?:.* - Page (\d+))?")
_STAGES = {"1": Stage.READ, "5": Stage.LAYOUT, "6": Stage.DRAW, "7": Stage.CHECK}


@dataclass(frozen=True)
class Attached:
    """A file that a PDF carries: the data it was made from. `of` is the moment of its newest change."""

    name: str
    content: bytes
    description: str
    of: datetime


def render_pdf(html: Html, pictures: Mapping[str, Path] | None = None, attached: Attached | None = None) -> bytes:
    """The finished PDF, drawn in a process apart. The same `html` always gives the same bytes.

    `html` may be a call that can be pickled and composes it there, within the same limits.
    `pictures`: the file of each relative address in `html` that is not one of the static folder.

    Raises RenderError for whatever would make the file incomplete or inaccessible: no language, no title, a
    picture without words, a file that is not the project's; TooLargeError where it goes over a limit.
    """
    return make_apart(draw_pdf, html, pictures, attached)


def draw_pdf(html: Html, pictures: Mapping[str, Path] | None = None, attached: Attached | None = None) -> bytes:
    """The same in this process, without limits."""
    fetcher = StaticFetcher(pictures)
    with _complaints() as complaints, _told(), _set_apart():
        source = HTML(string=composed(html), base_url=BASE_URL, url_fetcher=fetcher)
        pdf: bytes = source.write_pdf(pdf_variant="pdf/a-3a", finisher=_finish, attachments=_attachments(attached))
    complaints.extend(f"refused to load {url}" for url in fetcher.refused)
    if complaints:
        raise RenderError("The PDF could not be made: " + "; ".join(dict.fromkeys(complaints)) + ".")
    return pdf


def composed(html: Html) -> str:
    """The words of the document, whether they are there already or are to be composed."""
    return html if isinstance(html, str) else html()


def _attachments(attached: Attached | None) -> list[Attachment]:
    if attached is None:
        return []
    # PDF/A-3 asks how each file is related to the document.
    told = {"description": attached.description, "relationship": "Source"}
    return [Attachment(string=attached.content, name=attached.name, created=attached.of, modified=attached.of, **told)]


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collects what WeasyPrint logs as an error in this thread, where it leaves a hole and goes on."""
    found: list[str] = []
    thread = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                found.append(record.getMessage())

    collector = Collector(level=logging.ERROR)
    LOGGER.addHandler(collector)
    try:
        yield found
    finally:
        LOGGER.removeHandler(collector)


@contextmanager
def _told() -> Iterator[None]:
    """Tells how far WeasyPrint is by what it logs of itself. It goes over its pages more than once."""

    class Teller(logging.Handler):
        pages = 0

        def emit(self, record: logging.LogRecord) -> None:
            step = _STEP.match(record.getMessage())
            if step and step[1] in _STAGES:
                self.pages = max(self.pages, int(step[2] or 0))
                tell(_STAGES[step[1]], self.pages)

    teller = Teller(level=logging.INFO)
    PROGRESS_LOGGER.addHandler(teller)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(teller)


@contextmanager
def _set_apart() -> Iterator[None]:
    """What Python holds already is left out when it looks for garbage, as it often does among so many boxes."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _finish(document: Any, pdf: pydyf.PDF) -> None:
    if not document.metadata.title:
        LOGGER.error("the document has no title")
    # Everything is drawn by now. The boxes of the pages weigh a third of it all and hang together in circles; what
    # follows takes the room that they leave, so that the peak stays where it is.
    document.pages = []
    gc.collect()
    _identify(pdf)
    if "AF" in pdf.catalog:
        # WeasyPrint names each attached file twice.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for element in tuple(pdf.objects):
        if isinstance(element, pydyf.Dictionary):
            _complete(pdf, element)
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream):
            _pack(stream)


def _identify(pdf: pydyf.PDF) -> None:
    """The metadata stays uncompressed: archives read it without decoding the file."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream = [_bytes(part).replace(b"</rdf:RDF>", _UA_METADATA) for part in metadata.stream]
    metadata.compress = False


def _complete(pdf: pydyf.PDF, element: pydyf.Dictionary) -> None:
    kind = element["S"] if element.get("Type") == "/StructElem" else element.get("Type")
    if kind == "/TH":
        element["A"]["Scope"] = "/Column" if _stands_in_head(pdf, element) else "/Row"
    elif kind == "/LI":
        _gather_body(pdf, element)
    elif kind == "/Font" and "ToUnicode" in element:
        _name_every_glyph(_object(pdf, element["ToUnicode"]))


def _name_every_glyph(table: pydyf.Stream) -> None:
    """Fonts draw some letters as a body and dots; the dots stand for no letter of their own, which PDF/UA
    forbids. They get U+034F, a character made to be ignored."""
    table.stream = [_bytes(part).replace(b"> <>", b"> <034f>") for part in table.stream]


def _pack(stream: pydyf.Stream) -> None:
    """Compresses here, once (the writer would do it twice). A carriage return as the last byte is misread as
    a part of the line break after it; such content gets a line break more."""
    if not stream.compress:
        return
    packed = _packed(stream)
    if packed.endswith(b"\r"):
        stream.stream = [*stream.stream, b""]
        if "Length1" in stream.extra:
            stream.extra["Length1"] += 1
        packed = _packed(stream)
    stream.extra["Filter"] = "/FlateDecode"
    stream.stream, stream.compress = [packed], False


def _packed(stream: pydyf.Stream) -> bytes:
    """The stream's compressed content, cut out of how it would be written."""
    written: bytes = stream.data
    return written[written.index(b"\nstream\n") + 8 : -len(b"\nendstream")]


def _stands_in_head(pdf: pydyf.PDF, cell: pydyf.Dictionary) -> bool:
    row = _object(pdf, cell["P"])
    return bool(_object(pdf, row["P"])["S"] == "/THead")


def _gather_body(pdf: pydyf.PDF, item: pydyf.Dictionary) -> None:
    """A list item holds a label and one body; WeasyPrint hangs paragraphs and tables beside the body."""
    kids = [(kid, _object(pdf, kid)["S"]) for kid in item["K"]]
    if all(kind in ("/Lbl", "/LBody") for _kid, kind in kids):
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference})
    body["K"] = pydyf.Array()
    pdf.add_object(body)
    for kid, kind in kids:
        if kind != "/Lbl":
            body["K"].extend(_object(pdf, kid)["K"] if kind == "/LBody" else [kid])
    for kid in body["K"]:
        _object(pdf, kid)["P"] = body.reference
    item["K"] = pydyf.Array([kid for kid, kind in kids if kind == "/Lbl"] + [body.reference])


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _bytes(part: bytes | str) -> bytes:
    return part if isinstance(part, bytes) else part.encode()
