"""The commands on their own: documents in, questions answered, bad input refused with a line."""

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import make_place
from tests.acceptance.visitor import Place

pytestmark = pytest.mark.acceptance

SEEDS_NOW = "2026-11-21T10:00:00+08:00"
ASKED = {
    "window": ("科创江苏项目申报时间是什么时候？", "003_", "5 月 30 日"),
    "team": ("科技服务队至少要几个人？", "003_", "7"),
    "pilot": ("重庆的国家级试点城市聚焦哪两个地方？", "004_", "永川"),
    "teams2022": ("2022年科技服务团总数要达到多少支？", "001_", "200"),
    "experts": ("江苏要建多少人的高端院士专家人才库？", "003_", "500"),
}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Place:
    """A site with the five public documents."""
    place = make_place(tmp_path_factory.mktemp("seeded") / "var")
    stored = place.json("ingest", str(shared / "seeds"), "--json")
    assert [line["state"] for line in stored] == ["stored"] * 5
    return place


def test_questions_from_a_file_cite_the_right_document_verbatim(
    seeded: Place, shared: Path, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    lines = [json.dumps({"id": i, "question": q[0]}, ensure_ascii=False) for i, q in ASKED.items()]
    file.write_text("\n".join(lines), "utf-8")
    answers = seeded.json("ask", "--file", str(file), "--now", SEEDS_NOW, "--json")
    for answer in answers:
        _, source, fact = ASKED[answer["id"]]
        assert not answer["abstained"], answer
        cited = answer["citations"][0]
        assert cited["source"].startswith(source), answer
        text = (shared / "seeds" / cited["source"]).read_text("utf-8")
        assert cited["quote"] in text
        assert fact in "".join(c["quote"] for c in answer["citations"]), answer


def test_ingesting_again_changes_nothing(seeded: Place, shared: Path) -> None:
    again = seeded.json("ingest", str(shared / "seeds"), "--json")
    assert {line["state"] for line in again} == {"unchanged"}


def test_a_folder_with_bad_files_names_them_and_stores_the_rest(tmp_path: Path) -> None:
    place = make_place(tmp_path / "var")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "empty.txt").touch()
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 not a document")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "gbk.txt").write_bytes(
        "关于云溪市科技服务团的通知\n\n一、服务团不少于七人。\n".encode("gbk")
    )
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(50_000_000)
    done = place.run("ingest", str(folder), "--json")
    states = {line["source"]: line["state"] for line in map(json.loads, done.stdout.splitlines())}
    assert states.pop("gbk.txt") == "stored"
    assert set(states.values()) == {"refused"}
    assert len(states) == 4
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    answer = place.json("ask", "服务团不少于几人？", "--json")[0]
    assert "七人" in answer["citations"][0]["quote"]


def test_operators_see_correct_and_remove_what_was_read(tmp_path: Path) -> None:
    place, folder = make_place(tmp_path / "var"), tmp_path / "files"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "call.txt").write_text(
        "云溪市科协关于组织申报2026年度项目的通知\n\n申报时间为2026年4月1日至4月30日。\n", "utf-8"
    )
    assert len(place.json("ingest", str(folder), "--json")) == 1
    (line,) = place.json("documents", "--json")
    assert (line["source"], line["facts"]["closes_on"]) == ("call.txt", "2026-04-30")
    done = place.run("documents", "set", "call.txt", "closes_on", "2026-05-15")
    assert "申报截止：2026-05-15（人工修改）" in done.stdout
    assert "“申报时间为2026年4月1日至4月30日。”" in done.stdout
    with (folder / "call.txt").open("a", encoding="utf-8") as call:
        call.write("\n每个单位至多申报2项。\n")
    place.json("ingest", str(folder), "--json")
    (line,) = place.json("documents", "--json")
    assert (line["facts"]["closes_on"], line["editions"]) == ("2026-05-15", 1)
    place.run("documents", "unset", "call.txt", "closes_on")
    assert "2026-04-30" in place.run("documents").stdout
    assert place.run("documents", "set", "call.txt", "closes_on", "soon").returncode == 2
    place.run("documents", "remove", "call.txt")
    assert place.run("documents").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("ask",), "--file"),
        (("ask", "x", "--now", "tomorrow"), "--now"),
        (("ingest", "/nowhere/at/all"), "/nowhere/at/all"),
        (("import", "planets", "x.csv"), "planets"),
        (("import", "events", "/nowhere.csv"), "/nowhere.csv"),
        (("documents", "show", "none.txt"), "none.txt"),
        (("match", "abc"), "abc"),
        (("chat", "--script", "/nowhere.jsonl"), "/nowhere.jsonl"),
        (("evaluate", "retrieval", "/nowhere"), "/nowhere"),
        (("evaluate", "needs", "/nowhere.jsonl"), "/nowhere.jsonl"),
        (("evaluate", "answers"), "问题.jsonl"),
        (("evaluate", "answers", "/nowhere.jsonl"), "/nowhere.jsonl"),
        (("restore", "/nowhere.tar.gz"), "/nowhere.tar.gz"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_code_2(
    tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    done = make_place(tmp_path / "var").run(*arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_answers_are_measured_on_documents_of_a_folder(tmp_path: Path) -> None:
    place, documents = make_place(tmp_path / "var"), tmp_path / "documents"
    documents.mkdir()
    (documents / "note.md").write_text("# 云溪市服务团办法\n\n一、服务团不少于七人。\n", "utf-8")
    common = {"kind": "number", "sources": ["note"], "answerable": True}
    lines = [
        {"id": "right", "question": "服务团不少于几人？", "facts": [["七人", "7人"]], **common},
        {"id": "wrong", "question": "服务团不少于几人？", "facts": [["九人"]], **common},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    asked = ("evaluate", "answers", str(file), "--documents", str(documents), "--failures")
    found = place.json(*asked, "--json")[0]
    assert found["overall"]["facts"] == 0.5
    assert found["overall"]["verbatim"] == 1
    assert [one["id"] for one in found["failures"]] == ["wrong"]
    assert not (place.home / "keqiao.db").exists()
    assert "九人" in place.run(*asked).stdout


def test_answers_are_measured_on_a_judged_collection(tmp_path: Path) -> None:
    place = make_place(tmp_path / "var")
    files = {
        "corpus": {"id": "d1", "title": "", "text": "云溪市服务团不少于七人。"},
        "queries": {"id": "q1", "text": "云溪市服务团不少于几人？"},
        "answers": {"qid": "q1", "docid": "d1", "answers": ["七 人"]},
    }
    for name, line in files.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(line), "utf-8")
    found = place.json("evaluate", "answers", str(tmp_path), "--json", "--failures")[0]
    assert (found["answered"], found["span@300"], found["cited"]) == (1, 1, 1)
    assert found["failures"] == []


def test_a_backup_brings_the_documents_back(tmp_path: Path) -> None:
    first, second = make_place(tmp_path / "one"), make_place(tmp_path / "two")
    note = tmp_path / "note.md"
    note.write_text("# 云溪市服务团办法\n\n一、服务团不少于七人。\n", "utf-8")
    assert first.run("ingest", str(note)).returncode == 0
    archive = tmp_path / "keqiao.tar.gz"
    assert first.run("backup", str(archive)).returncode == 0
    assert second.run("restore", str(archive)).returncode == 0
    assert second.run("restore", str(archive)).returncode == 2
    answer = second.json("ask", "服务团不少于几人？", "--json")[0]
    assert "七人" in answer["citations"][0]["quote"]
