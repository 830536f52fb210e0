"""What a person wants to hear of, or no more of: words of a sentence made into interests."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from actions import wording
from actions.understanding.industry import read_industry
from actions.understanding.lexicon import area_names, everyday_names, industries
from actions.understanding.places import Place, names
from actions.understanding.region import read_region
from actions.understanding.rhythm import SAID
from actions.understanding.text import fold, mask
from core.domain.needs import Region
from core.domain.records import Library
from core.domain.subscriptions import NEWS, Interest

FILLER = re.compile(
    r"不想再?|收到|接收|接受|停止|停掉|停了|关掉|关闭|关了|打扰|骚扰|帮我|给我|麻烦|我们|我想|我要|想要|希望|退订|推订|订阅|定阅|订月|訂閱|退訂|订一下|关注|取关|退掉|取消|不再|不要|不用|推送|推给|通知|提醒|告诉|告知|发送|发给|发我|发来|了解|知道"
    r"|一下|以后|今后|将来|如果|持续|长期|一直|每次|相关|有关|方面|领域|关于|对于|之类|消息|信息|资讯|内容|动态|动静|更新|合适|时候|就行|就好|全部|所有|任何|一切|什么|定期|汇总|一次|那个|这个|这类|那项|这些|那些|添加|加入|开通|开启|打开"
    r"|记得|怎么样?|怎样|如何|跟我|说声|一声|叫上|叫我|有了|来了|到了|改成|改为|换成|可以|太多|太烦|太吵|太频繁|好烦|烦死|屏蔽|拒收|回复|删除|删掉|清空|移除|不看|我的|都要|也要|也订"
    r"|(?<![a-z])(?:subscribe|unsubscribe|follow|un|stop|sending|me|events?|td|t)(?![a-z])|第(?:\d+|[一二三四五六七八九十]+)[个项条]"
    r"|[\s:\"'“”()\[\]《》·/+、-]|(?<=\w)[和与及](?=\w)",
    re.IGNORECASE,
)
EDGES = re.compile(
    r"^(?:请|想|要|把|对|有|新的?|再|别|我|加|订|收|看|的|个|一|回|将|还|也|都|就|在|给)+"
    r"|(?:的|类|吧|了|啊|哦|呢|吗|发|推|给|都|就|来|也|个|我|退|看|要|时|有|说|收|里|中|上|停|关|再|别)+$"
)
"""What clings to a word at its ends; inside words these characters belong to them."""
PARTS = re.compile(r"[,。;!?\n]+|还有|以及|另外|再加上?")
ANOTHER = re.compile(r"^\s*(?:也|再|另外|还)|也要|也订|也关注")
ORGANISED = re.compile(r"(?P<who>[\w]{2,20}?)(?:主办|举办|组织|承办|发起|办)的")
ORGANISER = re.compile(
    r"(?P<who>\w{0,12}(?:科协|学会|协会|研究院|研究所|大学|科技馆|科技局|科技厅|工信局|商会|联盟))的?"
)
IN_ANOTHER_NAME = re.compile(
    r"项目(?=申报|申请|路演|征集|揭榜|立项|对接)|(?<=申报|揭榜|立项)(?:的)?项目"
)
EVERY_LIBRARY = re.compile(r"(?:全部|所有|各类|各种|任何)(?:资源|库|信息|内容|消息|东西)")
MOST = 12
"""Interests one sentence may make."""
LONGEST = 20
SHORTEST = 2
PLACE_ENDS = re.compile(r"(?<=..)(?:省|市|区|县|自治区)$")
MASKED = ","
AREA_ENDS = "(?:地区)?(?:双城经济圈|城市群|一带|区域)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Words of one kind each; a wish for several of a kind is several interests."""

    libraries: tuple[Library, ...] = ()
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    organiser: str = ""

    @property
    def names_something(self) -> bool:
        """Whether anything was named."""
        return bool(self.named)

    @property
    def named(self) -> frozenset[str]:
        """Of what kinds its words are."""
        names = ("libraries", "kinds", "fields", "regions", "organiser")
        return frozenset(name for name in names if getattr(self, name))

    def joined(self, other: "Wish") -> "Wish | None":
        """One wish that says both, when they speak of different things."""
        if self.named & other.named:
            return None
        return Wish(
            libraries=self.libraries or other.libraries,
            kinds=self.kinds or other.kinds,
            fields=self.fields or other.fields,
            regions=self.regions or other.regions,
            organiser=self.organiser or other.organiser,
        )

    def interests(self) -> Iterator[Interest]:
        """Each combination of what was named."""
        libraries = (Library.EVENTS,) if self.kinds else self.libraries or NEWS
        kinds: Sequence[str] = self.kinds or ("",)
        fields: Sequence[str] = self.fields or ("",)
        regions: Sequence[Region | None] = self.regions or (None,)
        areas = {area.name for area in industries()}
        for region, field, kind in product(regions, fields, kinds):
            yield Interest(
                libraries=libraries,
                kinds=(kind, *wording.words()["same_kinds"].get(kind, ())) if kind else (),
                industries=(field,) if field in areas else (),
                keyword="" if field in areas else field,
                region=short_name(region),
                places=places_in(region) if region else (),
                organiser=self.organiser,
            )


def read_wishes(text: str) -> list[Wish]:
    """The wishes of a text, none when it names nothing."""
    folded = SAID.sub(lambda said: " " * len(said[0]), fold(text))
    wishes: list[Wish] = []
    start = 0
    for part in [*(cut.span() for cut in PARTS.finditer(folded)), (len(folded), len(folded))]:
        said = folded[start : part[0]]
        start = part[1]
        wish = _read(said)
        joined = wishes[-1].joined(wish) if wishes and not ANOTHER.search(said) else None
        if joined is not None:
            wishes[-1] = joined
        elif wish.names_something:
            wishes.append(wish)
    return wishes


def interests_of(wishes: Sequence[Wish]) -> list[Interest]:
    """The interests of the wishes, each once; of none, everything that is news."""
    found = [interest for wish in wishes for interest in wish.interests()] or [Interest()]
    return list({interest.key: interest for interest in found}.values())[:MOST]


def _read(text: str) -> Wish:
    everything = EVERY_LIBRARY.search(text) is not None
    text = EVERY_LIBRARY.sub(_blank, text)
    organiser, text = _organiser(text)
    text = IN_ANOTHER_NAME.sub(_blank, text)
    kinds, text = _words_in(text, wording.words()["kinds"])
    libraries, text = _libraries(text)
    regions, text = _regions(text)
    fields = _fields(text)
    return Wish(
        libraries=tuple(Library) if everything else libraries,
        kinds=kinds,
        fields=fields,
        regions=regions,
        organiser=organiser,
    )


def _blank(found: re.Match[str]) -> str:
    return MASKED * len(found[0])


def _organiser(text: str) -> tuple[str, str]:
    found = ORGANISED.search(text) or ORGANISER.search(text)
    if found is None:
        return "", text
    who = re.split(r"订阅|关注|退订|取消|有了?|我想?要?|把|给|由|看", found["who"])[-1]
    return who, text.replace(found[0], _blank(found), 1)


def _words_in(text: str, words: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The words that stand in the text, the longest at a place, and the text without them."""
    pattern = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    return tuple(dict.fromkeys(pattern.findall(text))), pattern.sub(_blank, text)


def _libraries(text: str) -> tuple[tuple[Library, ...], str]:
    named: dict[str, list[str]] = wording.words()["subscription"]["libraries"]
    of = {word: Library(name) for name, words in named.items() for word in words}
    words, text = _words_in(text, list(of))
    found = {of[word] for word in words}
    return tuple(library for library in Library if library in found), text


def _regions(text: str) -> tuple[tuple[Region, ...], str]:
    """The places named: areas of several provinces, by a sign that they are, or as words."""
    found = [Region(raw=area) for area in dict.fromkeys(_areas().findall(text))]
    text = _areas().sub(_blank, text)
    while (reading := read_region(text)).span is not None:
        found.append(reading.region or Region(raw=reading.ambiguous or ""))
        text = mask(text, [reading.span])
    for word in _left(text):
        if word in names() and word not in everyday_names():
            reading = read_region(word, asked=True)
            found.append(reading.region or Region(raw=word))
            text = text.replace(word, MASKED * len(word))
    return tuple(found), text


@cache
def _areas() -> re.Pattern[str]:
    """Areas of several provinces, the longest name at a place."""
    several = (name for name, area in area_names().items() if "provinces" in area)
    names_of = "|".join(sorted(several, key=len, reverse=True))
    return re.compile(f"({names_of}){AREA_ENDS}")


def _fields(text: str) -> tuple[str, ...]:
    """Trades by the person's words; of a text that names none, what is left of it."""
    named = [span.of(text) for span in read_industry(text).spans] or _left(text)
    return tuple(dict.fromkeys(named))


def _left(text: str) -> list[str]:
    """The words that tell something, without those that only ask."""
    left = FILLER.sub(" ", text.replace(MASKED, " ").replace("\n", " ")).split()
    words = (EDGES.sub("", word)[:LONGEST] for word in left)
    return [word for word in words if len(word) >= SHORTEST]


def short_name(region: Region | None) -> str:
    """A place as people and records name it: 常州; empty for none."""
    if region is None:
        return ""
    name = region.county or region.city or region.province
    return PLACE_ENDS.sub("", name) if name else region.raw


def places_in(region: Region) -> tuple[str, ...]:
    """Names of what lies directly in a province or a city; of an area, its provinces too."""
    provinces = area_names().get(region.raw, {}).get("provinces", ())
    wholes = [Place(province=one) for one in provinces]
    if not wholes and region.province:
        wholes = [Place(province=region.province, city=region.city, county=region.county)]
    inside = {
        name
        for name, meant in names().items()
        for place in meant.places
        for whole in wholes
        if place.depth == whole.depth + 1 and place.within(whole) and not meant.full
    }
    return tuple(sorted(inside.union(PLACE_ENDS.sub("", one) for one in provinces)))
