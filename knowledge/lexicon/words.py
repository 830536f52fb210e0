"""Normal forms and tokens: characters for finding, jieba's words for naming what is shared."""

import math
import re
import threading
import unicodedata
import warnings
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from knowledge.lexicon.lists import FOLDER, lines, stopwords

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+(?:[.%][a-z0-9]+)*%?")
_GAP = re.compile(
    rf" (?<=[{HAN}0-9a-z，。、；：“”《》（）()] )(?=[{HAN}0-9，。、；：“”《》（）()])"
)
"""Begins with the blank, which is quickly found."""
_WIDE = tuple(zip("，（）：；！？％\u3000", ",():;!?% ", strict=True))
"""What NFKC makes of the usual marks; a text with none of them left is mostly as NFKC wants it."""
_MIN_WORD = 2
MEASURES = "个支项家名场次类种条份期位届座篇点分样级等"
"""Measure words that may follow 几."""


@cache
def _converter() -> Any:  # noqa: ANN401 -- opencc ships no types
    from opencc import OpenCC  # noqa: PLC0415 -- heavy: loaded on first use

    return OpenCC("tw2sp")


def simplify(text: str) -> str:
    """Traditional characters and words as simplified ones; for searching only."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(text))
    return text


def normalise(text: str) -> str:
    """The form that searching compares: NFKC, lower case, simplified, no spaces inside Chinese."""
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    folded = simplify(unicodedata.normalize("NFKC", text).lower())
    return _GAP.sub("", " ".join(folded.split()))


@cache
def _question_pattern() -> re.Pattern[str]:
    phrases = sorted(lines("questions"), key=len, reverse=True)
    counted = f"[几多]个(?=人)|[几多][{MEASURES}]|多少[{MEASURES}](?![{HAN}])"
    return re.compile("|".join((counted, *map(re.escape, phrases))))


def strip_question_words(normalised: str) -> str:
    """The question without the phrases that only make it one; itself when nothing is left."""
    stripped = _question_pattern().sub(" ", normalised).strip()
    return stripped if _RUNS.search(stripped) else normalised


def is_chinese(word: str) -> bool:
    """Whether a token or word begins with a Chinese character."""
    return word[:1] > "\u33ff"


def grams(normalised: str) -> list[str]:
    """Characters and pairs of characters of Chinese runs; words and numbers whole."""
    found: list[str] = []
    for run in _RUNS.findall(normalised):
        if run[0] <= "\u33ff":
            found.append(run)
            continue
        found.extend(run)
        found.extend(map("".join, pairwise(run)))
    return found


_CUTS = 512
"""Texts whose words are kept: a question is cut into words at several places."""


class Segmenter:
    """Jieba with the project's dictionary, loaded once and safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tagger: Any = None
        self._cached = lru_cache(maxsize=_CUTS)(self._cut)

    def cut(self, normalised: str) -> list[tuple[str, str]]:
        """The words of a text with their parts of speech, in order."""
        return list(self._cached(normalised))

    def _cut(self, normalised: str) -> tuple[tuple[str, str], ...]:
        return tuple((pair.word, pair.flag) for pair in self._loaded().lcut(normalised))

    def frequency(self, word: str) -> float:
        """How often a word is used in general, as a share of all words; 0.0 when unknown."""
        tokenizer = self._loaded().tokenizer
        return float((tokenizer.FREQ.get(word) or 0) / max(tokenizer.total, 1))

    def _loaded(self) -> Any:  # noqa: ANN401 -- jieba ships no types
        with self._lock:
            if self._tagger is None:
                self._tagger = self._load()
        return self._tagger

    @staticmethod
    def _load() -> Any:  # noqa: ANN401 -- jieba ships no types
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # jieba's own escapes
            import jieba  # noqa: PLC0415 -- heavy: loaded on first use
            import jieba.posseg  # noqa: PLC0415 -- heavy: loaded on first use

        jieba.setLogLevel(60)
        tokenizer = jieba.Tokenizer()
        with (FOLDER / "keqiao.txt").open("rb") as words:
            tokenizer.load_userdict(words)
        return jieba.posseg.POSTokenizer(tokenizer)


_EVERYDAY, _RARE = 3.5, 6.0
"""Minus log10 of the share of words that everybody uses, and of those few do."""


@lru_cache(maxsize=4_096)
def peculiarity(word: str) -> float:
    """How little a word is used in general: 0 for everyday words, 1 for rare and unknown ones."""
    rare = -math.log10(max(segmenter().frequency(word), 1e-7))
    return min(1.0, max(0.0, (rare - _EVERYDAY) / (_RARE - _EVERYDAY)))


@cache
def segmenter() -> Segmenter:
    """The segmenter of this process."""
    return Segmenter()


NAMING = 1.0
"""Weight of words that name things."""

TELLING = 0.35
"""Weight of words that tell what happens."""

_COUNTING = 0.5
_WEIGHTS = {
    **dict.fromkeys("njliex", NAMING),
    **dict.fromkeys("va", TELLING),
    **dict.fromkeys("bms", _COUNTING),
}
_EMPTY = re.compile(
    r"\d+|[一二三四五六七八九十两几多]+[个支项家名人次场类种条份期位分年天届座号样等级点块件所处]?|[一二三四五六七八九十几]*月份|.?[要了吗呢的是还能会就都没再].?"
)
"""Digits (found as such), small counts, and words guessed around a grammatical character."""


def subject_words(normalised: str) -> dict[str, float]:
    """Words of at least two characters that carry a subject, in order, each with its weight.

    Names of things weigh most, what happens to them less, grammar nothing.
    """
    found: dict[str, float] = {}
    for word, flag in segmenter().cut(normalised):
        weight = NAMING if flag == "vn" else _WEIGHTS.get(flag[:1], 0.0)
        kept = len(word) >= _MIN_WORD and _RUNS.fullmatch(word) and word not in stopwords()
        if weight and kept and not _EMPTY.fullmatch(word):
            found.setdefault(word, weight)
    return found
