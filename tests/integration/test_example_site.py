"""What the README promises of the example site holds on a real index."""

import pytest

from core.domain.needs import Industry, NeedDraft, Region
from keqiao.bootstrap import Site
from keqiao.example.first_start import load_example
from keqiao.settings import Settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    loaded = Site(Settings(home=tmp_path_factory.mktemp("home")))
    assert load_example(loaded, lambda _: None)
    return loaded


@pytest.mark.parametrize(
    ("question", "told", "source"),
    [
        ("揭榜挂帅项目最高资助多少？", "80万元", "管理办法"),
        ("重点项目最高资助额是多少？", "40万元", "管理办法"),
        ("揭榜挂帅什么时候截止？", "截止当日17时", "申报指南"),
        ("申报需要哪些材料？", "自筹资金承诺书", "申报指南"),
        ("什么企业可以申报？", "成立满1年", "申报指南"),
        ("云溪市有多少个重大项目名额？", "云溪市科协", "申报指南"),
        ("三年培训多少名技术经理人？", "600名", "行动计划"),
    ],
)
def test_questions_on_the_example_are_answered_with_a_verbatim_quote(
    site: Site, question: str, told: str, source: str
) -> None:
    answer = site.knowledge.answer(question, now=site.clock.now())
    assert not answer.abstained
    assert told in answer.text
    assert source in answer.citations[0].source
    for citation in answer.citations:
        with site.units() as unit:
            text = unit.documents.get(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("question", ["食堂几点开饭？", "江苏省的揭榜挂帅资助多少？"])
def test_what_the_example_does_not_say_is_not_answered(site: Site, question: str) -> None:
    assert site.knowledge.answer(question, now=site.clock.now()).abstained


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (("产品老是翘曲变形，想找注塑专家", "新材料", "江苏省"), "周启明 教授"),
        (("锂电池储能柜担心热失控", "新能源", "重庆市"), "贺云深 教授级高级工程师"),
        (("屋顶光伏组件衰减快，怎么检测", "新能源", None), "陆景行 研究员"),
        (("农产品加工，蓝莓保鲜时间太短", "生物", None), "田禾 教授"),
        (("五金件外观缺陷靠人看，想上机器视觉", "新一代信息技术", "浙江省"), "阮清和 博士"),
        (("印染污水处理不达标", "节能环保", "浙江省"), "印染园区污水处理厂提标改造案例"),
        (("车间排产靠手工，想上工业软件", "新一代信息技术", "江苏省"), "纪维桢 副教授"),
    ],
)
def test_demonstrated_needs_find_what_fits_them(
    site: Site, need: tuple[str, str, str | None], expected: str
) -> None:
    problem, label, province = need
    draft = NeedDraft(
        problem=problem,
        industry=Industry(labels=(label,)),
        region=Region(province=province) if province else None,
    )
    matches = site.match_need(draft, limit=5)
    assert expected in [match.title for match in matches]
    assert all(match.reasons for match in matches)


def test_the_example_is_loaded_once_only(site: Site) -> None:
    assert not load_example(site, lambda _: None)
