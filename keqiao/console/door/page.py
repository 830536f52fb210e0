"""The sign-in page: plain HTML, no script, before anything else of the console."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

from channels.words import words

WORDS = Path(__file__).with_name("words.yml")
_PAGE = Path(__file__).with_name("page.html").read_text("utf-8")


def sign_in_page(
    *, target: str, name: str = "", refused: str = "", status: int = 200
) -> HTMLResponse:
    """The page; `refused` says why one is still here, by the name of its words."""
    said: Mapping[str, str] = words("sign_in", WORDS)
    fields = {
        **said,
        "target": target,
        "value": name,
        "refused": said[refused] if refused else "",
        "hidden": "" if refused else "hidden",
    }
    page = _PAGE
    for field, text in fields.items():
        page = page.replace(f"{{{{{field}}}}}", escape(text))
    return HTMLResponse(page, status_code=status)
