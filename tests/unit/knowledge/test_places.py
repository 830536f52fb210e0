"""Which places a text names."""

import pytest

from knowledge.lexicon.places import places_in, without_places


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("科创江苏和重庆", ["江苏", "重庆"]),
        ("苏、渝两地的计划", ["江苏", "重庆"]),
        ("苏渝两地", ["江苏", "重庆"]),
        ("渝的呢", ["重庆"]),
        ("粤的文号", ["广东"]),
        ("我们宁波市科协", ["浙江"]),
        ("其中山东的企业", ["山东"]),
        ("永川区是试点吗", ["重庆"]),
        ("北京市朝阳区", ["北京", "北京"]),
    ],
)
def test_names_and_abbreviations_lead_to_their_province(text: str, provinces: list[str]) -> None:
    assert list(places_in(text).values()) == provinces


@pytest.mark.parametrize(
    "text", ["确保定期报送", "制定西部政策", "货运城市", "创新乡村", "川渝科技学术大会", "苏醒"]
)
def test_characters_that_meet_by_chance_name_no_place(text: str) -> None:
    assert places_in(text) == {}


def test_what_is_left_without_places() -> None:
    assert without_places("江苏省科协的重庆区县") == "科协的区县"
