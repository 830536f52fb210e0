"""The widget's doors: for pages of the listed origins alone, with the page's own headers."""

from collections.abc import Iterator

import httpx2
import pytest

from channels.web.settings import STATIC
from channels.web.visitors import FRAME_COOKIE
from core.domain.errors import BadInputError
from core.persistence import SqlUnits
from keqiao.doors.joined import widget_origins
from keqiao.settings import Settings, load_settings
from tests.unit.channels.running import Site, make_settings

US, THEM = "https://www.example.org", "https://other.example.org"
MOST_BYTES = 10 * 1024


@pytest.fixture
def client(sqlite_units: SqlUnits) -> Iterator[httpx2.Client]:
    """Asks a site that lets one origin embed it."""
    site = Site(units=sqlite_units, settings=make_settings(widget_origins=(US,)))
    with site.serving(), httpx2.Client(base_url=site.base) as asking:
        yield asking


def test_the_script_is_small_and_served_to_everybody(client: httpx2.Client) -> None:
    script = client.get("/widget.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "etag" in script.headers
    assert len((STATIC / "widget.js").read_bytes()) <= MOST_BYTES


@pytest.mark.parametrize(
    "origin", [THEM, "null", "", f"{US}.evil.example", "HTTPS://WWW.EXAMPLE.ORG"]
)
def test_only_a_listed_origin_may_show_the_launcher_or_the_frame(
    client: httpx2.Client, origin: str
) -> None:
    assert client.get("/widget/allowed", headers={"Origin": origin}).status_code == 403
    refused = client.get("/widget", params={"origin": origin})
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    allowed = client.get("/widget/allowed", headers={"Origin": US})
    assert allowed.headers["access-control-allow-origin"] == US
    assert "access-control-allow-credentials" not in allowed.headers


def test_the_frame_names_who_may_frame_it_and_the_page_names_nobody(client: httpx2.Client) -> None:
    frame = client.get("/widget", params={"origin": US})
    policy = frame.headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {US}")
    assert "unsafe-inline" not in policy
    assert "x-frame-options" not in frame.headers
    for path in ("/", "/docs", "/web/messages"):
        other = client.get(path)
        assert other.headers["x-frame-options"] == "SAMEORIGIN"
        assert US not in other.headers["content-security-policy"]


def test_the_frames_cookie_is_of_the_site_around_it_and_only_our_page_may_use_it(
    client: httpx2.Client,
) -> None:
    given = client.get("/widget", params={"origin": US}).headers["set-cookie"]
    for part in ("HttpOnly", "Secure", "SameSite=None", "Partitioned"):
        assert part in given
    cookie = {"Cookie": given.partition(";")[0]}
    assert cookie["Cookie"].startswith(FRAME_COOKIE)
    ours = client.get("/web/messages", headers={**cookie, "Sec-Fetch-Site": "same-origin"})
    assert "set-cookie" not in ours.headers
    for site in ({"Sec-Fetch-Site": "cross-site"}, {}):
        said = {"id": "m1", "text": "你好"}
        theirs = client.post("/web/messages", json=said, headers={**cookie, **site})
        assert "set-cookie" in theirs.headers
    again = client.get("/widget", params={"origin": US}, headers=cookie).headers["set-cookie"]
    assert again.partition(";")[0] == cookie["Cookie"]


def test_without_origins_there_is_no_widget(sqlite_units: SqlUnits) -> None:
    site = Site(units=sqlite_units)
    with site.serving(), httpx2.Client(base_url=site.base) as asking:
        for path in ("/widget.js", "/widget", "/widget/allowed"):
            assert asking.get(path, params={"origin": US}).status_code == 404


def test_origins_are_read_from_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEQIAO_WIDGET_ORIGINS", f"{US}, http://localhost:8080")
    assert widget_origins(Settings()) == (US, "http://localhost:8080")


@pytest.mark.parametrize("bad", ["www.example.org", f"{US}/page", "https://a; script-src *", "*"])
def test_what_is_no_origin_is_refused(bad: str) -> None:
    with pytest.raises(BadInputError, match="KEQIAO_WIDGET_ORIGINS"):
        load_settings(widget_origins=bad)
