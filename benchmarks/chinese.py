"""Chinese documents out of nothing: words as frequent as they are, in sections as calls have them.

Words and their frequencies are those of jieba's dictionary (Zipf's law included); each document
leans on a topic of its own, so that its words come together as they do in real ones. Expressions
of the example documents and of the project's dictionary are strewn in.
"""  # noqa: INP001 -- part of a script

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
TOPIC = 300
"""Words of a topic."""
SENTENCE = (7, 26)
SENTENCES = 12
SECTIONS = 10
NUMERALS = "一二三四五六七八九十"
ASKING = (
    "{}有哪些条件？",
    "怎样{}",
    "{}由谁负责",
    "{}需要什么材料？",
    "请问{}",
    "{}的标准是多少？",
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words, each as likely as it is frequent."""

    words: NDArray[np.str_]
    sums: NDArray[np.float64]
    """Shares of the words up to each, so that drawing one costs a search."""

    def draw(self, chance: np.random.Generator, count: int) -> NDArray[np.str_]:
        """Words as frequent as they are."""
        return self.words[np.searchsorted(self.sums[:-1], chance.random(count))]


def words() -> Words:
    """The words of the generator."""
    import jieba  # noqa: PLC0415 -- heavy: loaded on first use

    rows = [line.split() for line in jieba.get_dict_file().read().decode().splitlines()]
    known = {row[0]: int(row[1]) for row in rows if _is_plain(row[0])}
    jieba.setLogLevel(60)
    for path in sorted((ROOT / "keqiao/example/documents").glob("*.md")):
        for word in jieba.cut(path.read_text(encoding="utf-8")):
            if len(word) > 1 and _is_plain(word):
                known[word] = known.get(word, 0) + 2_000
    own = ROOT / "knowledge/lexicon/dictionary/keqiao.txt"
    for line in filter(str.strip, own.read_text(encoding="utf-8").splitlines()):
        known.setdefault(line.split()[0], 500)
    counts = np.array(list(known.values()), dtype=np.float64)
    return Words(np.array(list(known)), np.cumsum(counts / counts.sum()))


def _is_plain(word: str) -> bool:
    """Whether it is of simplified characters in use."""
    return all(char >= "\u4e00" for char in word) and len(word.encode("gb2312", "ignore")) == (
        2 * len(word)
    )


def documents(count: int, *, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Titles and texts; the same for the same seed."""
    chance, known = np.random.default_rng(seed), words()
    for number in range(count):
        topic = chance.choice(known.words, TOPIC)
        title = f"关于{''.join(topic[:3])}的通知（第{number + 1}号）"
        yield title, "\n".join([title, *_sections(chance, known, topic)])


def _sections(chance: np.random.Generator, known: Words, topic: NDArray[np.str_]) -> Iterator[str]:
    for numeral in NUMERALS[:SECTIONS]:
        yield f"{numeral}、{''.join(chance.choice(topic, 3))}"
        lengths = chance.integers(*SENTENCE, SENTENCES)
        every = np.where(
            chance.random(int(lengths.sum())) < 0.3,  # noqa: PLR2004 -- the topic's share
            chance.choice(topic, int(lengths.sum())),
            known.draw(chance, int(lengths.sum())),
        )
        sentences = np.split(every, np.cumsum(lengths)[:-1])
        yield "".join(_sentence(list(one), chance) for one in sentences)


def _sentence(said: list[str], chance: np.random.Generator) -> str:
    middle = len(said) // 2
    number = f"{chance.integers(1, 500)}万元" if chance.random() < 0.2 else ""  # noqa: PLR2004
    return f"{''.join(said[:middle])}，{''.join(said[middle:])}{number}。"


def questions(texts: list[str], count: int, *, seed: int = 11) -> list[str]:
    """Questions on stretches of these texts."""
    chance = np.random.default_rng(seed)
    found: list[str] = []
    while len(found) < count:
        text = texts[int(chance.integers(len(texts)))].replace("\n", "")
        size = int(chance.integers(6, 24))
        at = int(chance.integers(max(len(text) - size, 1)))
        stretch = "".join(char for char in text[at : at + size] if char >= "\u4e00")
        if stretch:
            found.append(str(chance.choice(ASKING)).format(stretch))
    return found
