"""What people read is written where words are written, not in code."""

import re

from tests.architecture.tree import name_of, python_files, spoken_literals

LEXICON = re.compile(r"^actions/understanding/|^knowledge/(.+/)?lexicon")
"""Code whose subject is Chinese wording: patterns and word lists."""

CHINESE = re.compile(r"[\u4e00-\u9fff]")

SENTENCE = 6
"""This many Chinese characters in one literal are taken for something to be read."""

PATTERN = re.compile(r"[|\\^\[\]]|\(\?|\)\?|\.\{")
"""Signs that a literal is a pattern to read people by, not a sentence to be read by them."""

NUMERALS_AND_MEASURES = frozenset(
    "零〇一二三四五六七八九十百千万亿两个项家支条类种座处所级名人场次份期位分年月日天届篇"
    "壹贰叁肆伍陆柒捌玖拾甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
)
"""Characters that stand in lists of their own kind only."""


def is_sentence(text: str) -> bool:
    characters = CHINESE.findall(text)
    if len(characters) < SENTENCE or PATTERN.search(text):
        return False
    return not set(characters) <= NUMERALS_AND_MEASURES


def test_a_sentence_is_told_from_a_pattern_and_a_list() -> None:
    assert is_sentence("您的需求已提交，编号{number}。")
    assert is_sentence("需求提交成功")
    assert not is_sentence("万元?|元|块钱?|亿元?|千元?")
    assert not is_sentence("一二三四五六七八九十")
    assert not is_sentence("提醒")


def test_no_sentence_for_people_stands_in_code() -> None:
    found = [
        f"{name_of(path)}:{line}: {text!r}"
        for path in python_files("core", "actions", "channels", "knowledge", "scheduler")
        if not LEXICON.search(name_of(path))
        for line, text in spoken_literals(path)
        if is_sentence(text)
    ]
    assert not found, "\n".join(found)
