"""Subscriptions and quiet hours as people read them; the words are in words.yml."""

from collections.abc import Iterable, Mapping
from typing import Any

from actions import wording
from core.domain.conversations import Button
from core.domain.records import Library
from core.domain.subscriptions import Interest, QuietHours, Rhythm, Subscription

OFFERED = 3
"""How many buttons are offered at most."""


def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = wording.words()["subscription"]
    return words


def what(interest: Interest) -> str:
    """江苏的新材料路演, 储能活动和申报, 全部专家."""
    field = interest.keyword or wording.join(interest.industries)
    parts = [
        _words()["of_region"].format(region=interest.region) if interest.region else "",
        _words()["of_organiser"].format(organiser=interest.organiser)
        if interest.organiser
        else "",
        field,
        interest.kinds[0] if interest.kinds else _libraries(interest),
    ]
    return "".join(parts) if interest.words else _words()["unrestricted"] + parts[-1]


def _libraries(interest: Interest) -> str:
    if set(interest.libraries) == set(Library):
        return str(_words()["all_libraries"])
    called = [_words()["called"][str(library)] for library in interest.libraries]
    head, last = called[:-1], called[-1]
    return str(_words()["and"]).join([wording.join(head), last]) if head else last


def rhythm(one: Rhythm) -> str:
    """每周一09:00汇总一次发给您."""
    weekday = wording.words()["weekdays"][one.weekday]
    pattern = _words()[str(one.pace)]
    return str(pattern).format(time=f"{one.at:%H:%M}", weekday=weekday)


def listing(subscriptions: Iterable[Subscription], *, rhythms: bool = True) -> str:
    """A numbered list."""
    pattern = _words()["line" if rhythms else "bare_line"]
    return "\n".join(
        pattern.format(n=number, what=what(one.interest), rhythm=rhythm(one.rhythm))
        for number, one in enumerate(subscriptions, start=1)
    )


def stop_buttons(count: int) -> list[Button]:
    """Buttons that stop one of those listed."""
    pattern = str(_words()["stop_nth"])
    texts = [pattern.format(n=number) for number in range(1, min(count, OFFERED) + 1)]
    return [Button(title=text, payload=text) for text in texts]


def quiet(hours: QuietHours) -> str:
    """每天22:00至次日08:00、周六和周日全天."""
    patterns = wording.words()["quiet"]
    parts = []
    if hours.starts is not None and hours.ends is not None:
        name = "over_night" if hours.ends <= hours.starts else "in_a_day"
        starts, ends = f"{hours.starts:%H:%M}", f"{hours.ends:%H:%M}"
        parts.append(patterns[name].format(starts=starts, ends=ends))
    if hours.weekends:
        parts.append(patterns["weekends"])
    return wording.join(parts)
