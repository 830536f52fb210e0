"""The document page: the right range marked, and text that stays text."""

import re
from dataclasses import replace
from html import unescape

from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from channels.web.documents import render_document
from core.domain.documents import Document
from tests.factories import make_document
from tests.unit.channels.running import Site

TEXT = (
    "第一章 总则\r\n第一条 为了示例，制定本办法。\n\n"
    "  第二条 申报期为𠮷日至十日。\n<b>粗</b> & 其他"
)


def marked(page: str) -> str:
    return "".join(
        unescape(one) for one in re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL)
    )


def document(text: str = TEXT) -> Document:
    return make_document(text=text)


def test_the_quote_is_marked_and_is_where_the_page_opens() -> None:
    start = TEXT.index("申报期")
    page = render_document(document(), start, start + 8)
    assert marked(page) == "申报期为𠮷日至十"
    assert page.count('id="quote"') == 1


def test_a_quote_over_several_lines_is_marked_in_each() -> None:
    start, end = TEXT.index("制定"), TEXT.index("申报期")
    page = render_document(document(), start, end)
    assert marked(page) == "制定本办法。  第二条 "
    assert page.count("<mark") == 2
    assert page.count('id="quote"') == 1


def test_headings_stand_out_and_their_hashes_are_not_shown() -> None:
    page = render_document(document("## 一、总则\n第二章 附则\n正文 # 号"), None, None)
    for line in ("<h2>一、总则</h2>", "<h2>第二章 附则</h2>", "<p>正文 # 号</p>"):
        assert line in page


def test_markup_in_a_document_is_shown_as_text() -> None:
    evil = "<script>alert(1)</script>{title}"
    made = document(evil)
    made = replace(made, facts=replace(made.facts, title=evil, issuer=evil), source=evil)
    page = render_document(made, 0, 8)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert page.count("{title}") >= 3


@given(st.text(max_size=60), st.integers(-5, 70), st.integers(-5, 70))
def test_any_range_of_any_text_marks_just_that_or_nothing(text: str, start: int, end: int) -> None:
    page = render_document(document(text), start, end)
    wanted = text[start:end] if 0 <= start < end <= len(text) else ""
    assert "".join(marked(page).split()) in "".join(wanted.split())


def test_the_page_tells_who_issued_the_document(client: TestClient, site: Site) -> None:
    made = document()
    with site.units() as unit:
        unit.documents.put(made)
        unit.commit()
    page = client.get(f"/documents/{made.id}?start=0&end=3").text
    for fact in ("示例办法", "示例市科协", "示科协发〔2026〕1号", "2026-01-05"):
        assert fact in page
    assert marked(page) == "第一章"
    for broken in ("start=x&end=3", "start=3&end=1", "start=0&end=99999", "start=%C2%B2&end=3"):
        response = client.get(f"/documents/{made.id}?{broken}")
        assert response.status_code == 200
        assert "<mark" not in response.text


def test_a_document_that_is_gone_is_said(client: TestClient) -> None:
    response = client.get("/documents/none")
    assert response.status_code == 404
    assert "没有找到这份文件" in response.text


def test_an_older_edition_can_be_opened_and_leads_to_the_newer_one(
    client: TestClient, site: Site
) -> None:
    old, new = document(), document("新的一版。")
    with site.units() as unit:
        unit.documents.put(old)
        unit.documents.put(new)
        unit.commit()
    page = client.get(f"/documents/{old.id}?start=0&end=3").text
    assert marked(page) == "第一章"
    assert f'<dt>已有新版</dt><dd><a href="/documents/{new.id}">' in page
    assert "已有新版" not in client.get(f"/documents/{new.id}").text


def test_until_when_a_document_holds_is_shown() -> None:
    page = render_document(document(), None, None)
    assert "<dt>申报截止</dt><dd>2026-06-30</dd>" in page
