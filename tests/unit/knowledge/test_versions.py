"""Versions of an index: whole or not there, never half."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.index.sealing import DamagedIndexError
from knowledge.index.tiers import SMALL, WIDTH, Size, to_merge
from knowledge.index.versions import Part, Versions


def fill(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "data").write_text(text)

    return write


def publish(versions: Versions, *texts: str) -> list[Part]:
    with versions.lock():
        parts = [Part(segment=versions.write(fill(text))) for text in texts]
        versions.publish(parts)
    return parts


def test_a_version_is_current_only_once_it_is_whole(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    assert versions.current() is None
    before = versions.stamp()
    with versions.lock():
        name = versions.write(fill("one"))
        assert versions.current() is None
        published = versions.publish([Part(segment=name, deleted=(2, 5))])
    assert versions.stamp() != before
    assert versions.current() == published
    assert (versions.checked(name) / "data").read_text() == "one"


def test_a_crash_while_writing_leaves_the_old_version(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    publish(versions, "one")
    before = versions.current()

    def crash(folder: Path) -> None:
        (folder / "half").write_text("...")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"), versions.lock():
        versions.write(crash)
    assert versions.current() == before
    assert len(list((tmp_path / "segments").iterdir())) == 1


def test_segments_stay_while_the_version_before_names_them(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    (first,) = publish(versions, "one")
    (second,) = publish(versions, "two")
    assert versions.checked(first.segment).is_dir()
    (third,) = publish(versions, "three")
    left = {entry.name for entry in (tmp_path / "segments").iterdir()}
    assert left == {second.segment, third.segment}
    assert len(list((tmp_path / "versions").iterdir())) == 2


@pytest.mark.parametrize("name", ["data", "seal.json"])
def test_an_altered_segment_is_noticed(name: str, tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    (part,) = publish(versions, "one")
    path = versions.segment(part.segment) / name
    path.write_text(path.read_text().replace("o", "0"))
    with pytest.raises(DamagedIndexError, match=r"altered|incomplete"):
        versions.checked(part.segment)


def test_an_altered_manifest_is_noticed(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    (part,) = publish(versions, "one")
    (path,) = (tmp_path / "versions").iterdir()
    path.write_text(path.read_text().replace(part.segment, part.segment[:-1] + "x"))
    with pytest.raises(DamagedIndexError, match="altered"):
        versions.current()


def test_equal_segments_are_merged_when_there_are_enough() -> None:
    few = [Size(items=10, live=10)] * (WIDTH - 1)
    assert to_merge(few) == []
    assert to_merge([*few, Size(items=10_000, live=10_000), few[0]]) == [0, 1, 2, 4]


def test_a_segment_of_mostly_removed_items_is_written_anew() -> None:
    sizes = [Size(items=10_000, live=10_000), Size(items=10_000, live=7_000)]
    assert to_merge(sizes) == [1]
    assert to_merge([Size(items=100, live=80)]) == []


def test_many_small_additions_cost_little_and_leave_few_segments() -> None:
    sizes: list[Size] = []
    written = 0
    for _ in range(5_000):
        sizes.append(Size(items=10, live=10))
        while places := to_merge(sizes):
            live = sum(sizes[at].live for at in places)
            written += live
            sizes = [one for at, one in enumerate(sizes) if at not in places]
            sizes.append(Size(items=live, live=live))
        assert len(sizes) <= 25
    assert sum(one.live for one in sizes) == 50_000
    assert written < 50_000 * (SMALL / 10 / WIDTH + 12)
