"""Word documents: what Word would show is what is read."""

import pytest

from knowledge.parsing.word.document import read_docx
from tests.unit.knowledge.papers import docx, listed, paragraph

LEVELS = """<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="%1、"/>{0}</w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/>{1}</w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>"""


def abstract(number: int, inner: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def instance(number: int, of: int, inner: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{inner}</w:num>'


def style(name: str, inner: str, based_on: str = "") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    inner = f'<w:name w:val="{name}"/>{base}<w:pPr>{inner}</w:pPr>'
    return f'<w:style w:styleId="{name}">{inner}</w:style>'


def styled(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def lines(body: str, **parts: str) -> list[str]:
    return [line for line in read_docx(docx(body, **parts)).splitlines() if line]


def test_paragraphs_are_set_apart_and_rows_are_not() -> None:
    row = f"<w:tr>{cell('甲')}{cell('乙')}</w:tr>"
    body = paragraph("关于某事的通知") + paragraph("各市科协：") + f"<w:tbl>{row}{row}</w:tbl>"
    assert read_docx(docx(body)) == "关于某事的通知\n\n各市科协：\n\n甲\t乙\n甲\t乙"


def test_lists_count_on_and_begin_again_below_a_higher_level() -> None:
    body = "".join(
        paragraph(text, listed("1", level))
        for level, text in [(0, "甲"), (1, "乙"), (2, "丙"), (1, "丁"), (0, "戊"), (1, "己")]
    )
    found = lines(body, numbering=abstract(7, LEVELS.format("", "")) + instance(1, 7))
    assert found == ["一、甲", "（一）乙", "1.丙", "（二）丁", "二、戊", "（一）己"]


def test_a_style_brings_its_list_and_the_list_knows_the_level_of_the_style() -> None:
    levels = LEVELS.format('<w:pStyle w:val="A"/>', '<w:pStyle w:val="B"/>')
    styles = (
        style("A", listed("1"))
        + style("B", '<w:numPr><w:numId w:val="1"/></w:numPr>')
        + style("C", "", based_on="B")
    )
    body = (
        paragraph("甲", styled("A")) + paragraph("乙", styled("B")) + paragraph("丙", styled("C"))
    )
    found = lines(body, numbering=abstract(7, levels) + instance(1, 7), styles=styles)
    assert found == ["一、甲", "（一）乙", "（二）丙"]


def test_a_list_may_lend_the_look_of_a_style_and_start_anew() -> None:
    numbering = (
        abstract(7, '<w:numStyleLink w:val="Look"/>')
        + abstract(8, LEVELS.format("", ""))
        + instance(1, 7)
        + instance(2, 8)
        + instance(3, 8, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
    )
    body = "".join(
        paragraph(text, listed(number)) for number, text in [("1", "甲"), ("2", "乙"), ("3", "丙")]
    )
    found = lines(body, numbering=numbering, styles=style("Look", listed("2")))
    assert found == ["一、甲", "二、乙", "五、丙"]


@pytest.mark.parametrize(
    ("numbering", "styles"),
    [
        (abstract(7, '<w:numStyleLink w:val="A"/>') + instance(1, 7), style("A", listed("1"))),
        (
            abstract(7, '<w:numStyleLink w:val="A"/>')
            + abstract(8, '<w:numStyleLink w:val="B"/>')
            + instance(1, 7)
            + instance(2, 8),
            style("A", listed("2")) + style("B", listed("1")),
        ),
        (instance(1, 99), ""),
        ("", style("A", "", based_on="B") + style("B", "", based_on="A")),
        (abstract(7, '<w:lvl w:ilvl="x"><w:start w:val="-"/></w:lvl>') + instance(1, 7), ""),
        (abstract(7, '<w:lvl w:ilvl="0"><w:lvlText w:val="%9%0%"/></w:lvl>') + instance(1, 7), ""),
    ],
)
def test_circular_and_broken_definitions_cost_the_number_not_the_text(
    numbering: str, styles: str
) -> None:
    body = (
        paragraph("甲", listed("1")) + paragraph("乙", styled("A")) + paragraph("丙", styled("C"))
    )
    found = lines(body, numbering=numbering, styles=styles)
    assert [line[-1] for line in found] == ["甲", "乙", "丙"]


def test_headings_without_numbers_are_marked_as_such() -> None:
    heading = '<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style>'
    assert lines(paragraph("申报条件", styled("H")), styles=heading) == ["### 申报条件"]


def test_changes_are_accepted_and_hidden_text_is_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>丙</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>丁</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>戊</w:t></w:r></w:moveTo>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>己</w:t></w:r></w:p>"
    )
    assert lines(body) == ["甲乙戊"]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def test_merged_cells_are_repeated_and_deleted_rows_are_not_read() -> None:
    restart, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        f"<w:tbl><w:tr>{cell('类别')}{cell('名额', '<w:gridSpan w:val="2"/>')}</w:tr>"
        f"<w:tr>{cell('平台', restart)}{cell('甲')}{cell('2个')}</w:tr>"
        f"<w:tr>{cell('', on)}{cell('乙')}{cell('4个')}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell('旧')}{cell('旧')}{cell('9')}</w:tr></w:tbl>"
    )
    assert lines(body) == ["类别\t名额\t名额", "平台\t甲\t2个", "平台\t乙\t4个"]


def test_text_boxes_and_footnotes_are_read_once() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{paragraph('框中')}</w:txbxContent>"
    body = (
        f'<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        f"<w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    notes = (
        f'<w:footnote w:id="0" w:type="separator">{paragraph("线")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("注文")}</w:footnote>'
    )
    assert lines(body, footnotes=notes) == ["正文[2]", "框中", "[2] 注文"]
