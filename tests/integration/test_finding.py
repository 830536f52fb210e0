"""Records listed page by page, filtered and searched; edited by hand; over HTTP."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from core.domain.errors import BadInputError
from core.domain.records import Library, Record, RecordId, Standing, Wanted
from core.persistence import SqlUnits
from core.services.libraries.finding import FindRecords
from keqiao.bootstrap import open_site
from keqiao.cli.app import app
from keqiao.processes.gateway import gateway
from knowledge.base import IndexedKnowledgeBase
from tests.factories import make_record
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase


def find(units: SqlUnits) -> FindRecords:
    return FindRecords(units=units, clock=FakeClock(), knowledge=FakeKnowledgeBase())


def keep(units: SqlUnits, *records: Record) -> None:
    with units() as unit:
        unit.records.add(records)
        unit.commit()


def test_pages_follow_each_other_and_leave_nothing_out(units: SqlUnits) -> None:
    records = [make_record(external_id=f"{n:03}", withdrawn=n % 3 == 0) for n in range(500)]
    keep(units, *records)
    seen: list[RecordId] = []
    start = ""
    while True:
        page = find(units)(Wanted(), start=start, limit=70)
        seen += [one.id for one in page.records]
        if not page.next:
            break
        start = page.next
    assert seen == [one.id for one in records if not one.withdrawn]
    assert len(find(units)(Wanted(standings=frozenset(Standing)), limit=100).records) == 100


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(libraries=(Library.TEAMS,)), {"t"}),
        (Wanted(industry="生物"), {"b"}),
        (Wanted(keyword="翘曲"), {"a", "t"}),
        (Wanted(keyword="100%"), {"b"}),
        (Wanted(region="江苏省苏州市"), {"a", "t"}),
        (Wanted(region="浙江省"), {"b", "t"}),
        (Wanted(libraries=(Library.EXPERTS,), industry="新材料", region="江苏"), {"a"}),
        (Wanted(industry="新"), set()),
    ],
)
def test_filters_hold_together_on_both_databases(
    units: SqlUnits, wanted: Wanted, ids: set[str]
) -> None:
    first = make_record(external_id="a", industries=("新材料",), region="江苏省")
    keep(
        units,
        first,
        replace(
            first,
            external_id="b",
            industries=("生物",),
            keywords=(),
            summary="达标率100%",
            region="浙江、上海",
        ),
        replace(first, library=Library.TEAMS, external_id="t", region=None),
    )
    assert {one.external_id for one in find(units)(wanted).records} == ids


def test_a_search_is_paged_best_first_and_refuses_a_start_it_never_gave(
    sqlite_units: SqlUnits, tmp_path: Path
) -> None:
    base = IndexedKnowledgeBase(sqlite_units, tmp_path / "home", FakeClock())
    records = [
        make_record(
            external_id=f"{n}", title=f"专家{n}", summary="注塑仿真" * (n % 2), keywords=()
        )
        for n in range(10)
    ]
    keep(sqlite_units, *records)
    finder = FindRecords(units=sqlite_units, clock=FakeClock(), knowledge=base)
    first = finder(Wanted(), "注塑仿真", limit=3)
    second = finder(Wanted(), "注塑仿真", start=first.next, limit=3)
    assert (len(first.records), len(second.records), second.next) == (3, 2, "")
    assert not {one.id for one in first.records} & {one.id for one in second.records}
    assert finder(Wanted(), "量子纠缠").records == ()
    for start in ("x", "-1", "²", "9" * 30):
        with pytest.raises(BadInputError):
            finder(Wanted(), "注塑", start=start)
    base.close()


def test_the_api_reads_pages_and_refuses_nonsense_in_words(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_site(home=tmp_path / "var", port=port) as site:
        site.store_records([make_record(external_id=f"no/{n}", private={"p": "1"}) for n in "abc"])
        base = f"http://127.0.0.1:{port}"
        with gateway(site), httpx2.Client(base_url=base, timeout=10, trust_env=False) as client:
            page = client.get("/records?limit=2").json()
            rest = client.get("/records", params={"limit": 2, "start": page["next"]}).json()
            ids = [one["id"] for one in (*page["records"], *rest["records"])]
            assert ids == ["experts/no/a", "experts/no/b", "experts/no/c"]
            assert rest["next"] == ""
            one = client.get("/records/experts/no/b").json()
            assert (one["id"], "private" in one, "edited" in one) == ("experts/no/b", False, False)
            for path in (
                "/records?library=planets",
                "/records?limit=0",
                "/records?limit=999999",
                "/records?q=x&start=y",
                f"/records?q={'长' * 500}",
            ):
                answer = client.get(path)
                assert (answer.status_code, set(answer.json())) == (422, {"error", "message"})
            assert client.post("/records", json={}).status_code == 405


def test_operators_edit_by_the_names_of_columns_and_take_it_back(tmp_path: Path) -> None:
    home = tmp_path / "var"
    with open_site(home=home) as site:
        site.store_records([make_record(external_id="a")])

    def run(*args: str) -> tuple[dict[str, object], str]:
        env = {"KEQIAO_HOME": str(home)}
        result = CliRunner(env=env).invoke(app, ["records", *args, "--json"])
        return json.loads(result.stdout or "{}"), str(result.exception or "")

    run("edit", "experts/a", "简介", "研究模具")
    run("edit", "experts/a", "行业", "新材料、生物")
    run("edit", "experts/a", "职称", "教授")
    said, _ = run("edit", "experts/a", "有效期至", "2099年3月")
    assert (said["summary"], said["industries"], said["valid_until"]) == (
        "研究模具",
        ["新材料", "生物"],
        "2099-03-31",
    )
    assert said["details"] == {"kind": "专家", "rank": "教授"}
    assert said["edited"] == ["summary", "industries", "details.rank", "valid_until"]
    said, _ = run("unset", "experts/a", "简介")
    assert said["edited"] == ["industries", "details.rank", "valid_until"]
    for args, why in (
        (("edit", "experts/b", "简介", "x"), "experts/b"),
        (("edit", "experts/a", "没有的列", "x"), "没有“没有的列”这一项"),
        (("edit", "experts/a", "有效期至", "26/3/1"), "年份写成四位"),
        (("edit", "experts/a", "名称", " "), "不能为空"),
        (("unset", "experts/a", "地区"), "没有人工修改过"),
    ):
        assert why in run(*args)[1]
