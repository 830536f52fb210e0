"""Normal forms, tokens and subject words."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from knowledge.lexicon.words import grams, normalise, strip_question_words, subject_words


def test_widths_case_spaces_and_scripts_are_made_equal() -> None:
    assert normalise("ＰＣ端  申 報 時間：5 月 30 日") == "pc端申报时间:5月30日"


@given(st.text("甲a，（）：；！？％　．Ａ１①㎡e\u0301 \n", max_size=20))
def test_marks_are_made_narrow_as_unicode_says(text: str) -> None:
    assert normalise(text) == normalise(unicodedata.normalize("NFKC", text))


def test_taiwanese_words_are_searched_as_mainland_ones() -> None:
    assert "软件" in normalise("軟體")


def test_chinese_becomes_characters_and_pairs_and_other_runs_stay_whole() -> None:
    assert grams("app申报40%") == ["app", "申", "报", "申报", "40%"]


def test_question_words_are_taken_out() -> None:
    assert strip_question_words("请问申报什么时候截止呢").split() == ["申报", "截止"]


def test_a_question_of_question_words_alone_stays_itself() -> None:
    assert strip_question_words("怎么办") == "怎么办"


def test_subject_words_leave_out_grammar_and_small_counts() -> None:
    words = subject_words("我们的注塑件老是翘曲变形，要找三个专家")
    assert {"翘曲变形", "专家"} <= set(words)
    assert not {"我们", "三个", "老是"} & set(words)


@given(st.text(max_size=200))
def test_any_text_can_be_normalised_and_cut(text: str) -> None:
    once = normalise(text)
    assert all(gram.strip() for gram in grams(once))
