"""Normal forms and tokens: characters for finding, jieba's words for naming what is shared."""

import re
import threading
import unicodedata
import warnings
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

from knowledge.lexicon.lists import FOLDER, lines, stopwords

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+(?:[.%][a-z0-9]+)*%?")
_GAP = re.compile(
    rf"(?<=[{HAN}0-9a-z，。、；：“”《》（）()]) +(?=[{HAN}0-9，。、；：“”《》（）()])"
)
_MIN_WORD = 2


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
    folded = simplify(unicodedata.normalize("NFKC", text).lower())
    return _GAP.sub("", " ".join(folded.split()))


@cache
def _question_pattern() -> re.Pattern[str]:
    phrases = sorted(lines("questions"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, phrases)))


def strip_question_words(normalised: str) -> str:
    """The question without the phrases that only make it one; itself when nothing is left."""
    stripped = _question_pattern().sub(" ", normalised).strip()
    return stripped if _RUNS.search(stripped) else normalised


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


class Segmenter:
    """Jieba with the project's dictionary, loaded once and safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jieba: Any = None

    def cut(self, normalised: str) -> list[str]:
        """The words of a text, in order."""
        return list(self._loaded().lcut(normalised))

    def _loaded(self) -> Any:  # noqa: ANN401 -- jieba ships no types
        with self._lock:
            if self._jieba is None:
                self._jieba = self._load()
        return self._jieba

    @staticmethod
    def _load() -> Any:  # noqa: ANN401 -- jieba ships no types
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # jieba's own escapes
            import jieba  # noqa: PLC0415 -- heavy: loaded on first use

        jieba.setLogLevel(60)
        tokenizer = jieba.Tokenizer()
        tokenizer.load_userdict(str(FOLDER / "keqiao.txt"))
        return tokenizer


@cache
def segmenter() -> Segmenter:
    """The segmenter of this process."""
    return Segmenter()


def subject_words(normalised: str) -> tuple[str, ...]:
    """Words of at least two characters that carry a subject, each once, in order."""
    words: Iterable[str] = segmenter().cut(normalised)
    kept = (
        word
        for word in words
        if len(word) >= _MIN_WORD and _RUNS.fullmatch(word) and word not in stopwords()
    )
    return tuple(dict.fromkeys(kept))
