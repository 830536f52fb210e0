"""Files written byte by byte for the tests: docx archives and PDF pages."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, **parts: str) -> bytes:
    """A docx of WordprocessingML; further parts by name without `.xml`."""
    files = {"document": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    files |= {name: f"<w:{name} {W}>{inner}</w:{name}>" for name, inner in parts.items()}
    return archive({f"word/{name}.xml": text for name, text in files.items()})


def archive(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def listed(number: str, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


@dataclass(frozen=True, slots=True)
class Said:
    """A text at a place of a page, in points from its lower left corner."""

    x: float
    y: float
    text: str


def pdf(
    pages: Sequence[Iterable[Said]], strokes: Iterable[tuple[float, float, float, float]] = ()
) -> bytes:
    """A PDF with a text layer in a Chinese font that readers bring along; lines on each page."""
    drawn = "".join(f"{a} {b} m {c} {d} l S\n" for a, b, c, d in strokes)
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", _FONT, _DESCENDANT, _DESCRIPTOR]
    kids: list[str] = []
    for page in pages:
        stream = drawn + "".join(
            f"BT /F1 10 Tf {one.x} {one.y} Td <{one.text.encode('utf-16-be').hex()}> Tj ET\n"
            for one in page
        )
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects += [
            f"{_PAGE} /Contents {number + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _assembled(objects)


_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800]"
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    "/DescendantFonts [4 0 R] >>"
)
_DESCENDANT = (
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>"
)
_DESCRIPTOR = (
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] "
    "/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
)


def _assembled(objects: Sequence[str]) -> bytes:
    body = "%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    size = len(objects) + 1
    body += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    body += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    return body.encode()
