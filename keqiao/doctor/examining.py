"""What is wrong with a site and how to mend it, one finding a part."""

from collections.abc import Callable, Iterator
from pathlib import Path

from core.domain.errors import KeqiaoError
from keqiao.bootstrap import Site
from keqiao.doctor.deliveries import of_deliveries
from keqiao.doctor.findings import Finding, broken, ok, warning
from keqiao.doctor.platforms import of_channels, of_dingtalk, of_mail, of_wechat, of_wecom
from keqiao.doctor.reminders import of_reminders
from keqiao.doors.joined import leads_out
from keqiao.locks import holder
from keqiao.logs import mask
from keqiao.processes.bot import answers, model_is_current
from keqiao.processes.ports import demand_free

BROKER_S = 5.0


def examine(site: Site) -> Iterator[Finding]:
    """Look at every part; one that cannot even be looked at is broken, never an exception."""
    checks: tuple[tuple[str, Callable[[Site], Finding]], ...] = (
        ("home", _home),
        ("database", _database),
        ("embedding", _embedding),
        ("language model", _language_model),
        ("index", _index),
        ("broker", _broker),
        ("ports", _ports),
        ("bot environment", _bot_environment),
        ("bot model", _bot_model),
        ("processes", _processes),
        ("bot", _bot),
        ("clock", _clock),
        ("channels", of_channels),
        ("wechat", of_wechat),
        ("wecom", of_wecom),
        ("dingtalk", of_dingtalk),
        ("mail", of_mail),
        ("desks", _desks),
        ("deliveries", of_deliveries),
        ("reminders", of_reminders),
    )
    for part, check in checks:
        try:
            yield check(site)
        except (KeqiaoError, OSError) as error:
            yield broken(part, str(error))


def _home(site: Site) -> Finding:
    home = site.settings.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    probe = home / ".doctor"
    probe.touch()
    probe.unlink()
    return ok("home", f"{home} 可写")


def _database(site: Site) -> Finding:
    found, wanted = site.database_revisions()
    if found == wanted:
        return ok("database", f"可用，版本 {found}")
    if found is None:
        return warning("database", "尚未建立，首次运行任何命令时自动建立")
    return warning("database", f"版本 {found}，最新为 {wanted}；下次启动时自动升级")


def _index(site: Site) -> Finding:
    if site.database_revisions()[0] is None:
        return warning("index", "数据库尚未建立，知识库也是空的")
    with site.units() as unit:
        documents = len(unit.documents.revisions())
        records = unit.records.count()
    if not documents:
        return warning("index", "知识库是空的，请运行 keqiao ingest 文件夹")
    if site.knowledge.refresh():
        return warning("index", f"与数据库不一致，已按 {documents} 份文档重建")
    return ok("index", f"{documents} 份文档，{records} 条资源")


def _embedding(site: Site) -> Finding:
    fingerprint = site.knowledge.embedding()
    if site.settings.embedding_folder is None and site.settings.embedding_url is None:
        return ok("embedding", f"内置（{fingerprint}），未设置向量模型")
    return ok("embedding", fingerprint)


def _language_model(site: Site) -> Finding:
    rewording = site.knowledge.rewording
    if rewording is None:
        return ok("language model", "未设置，按文件原文回答")
    rewording.check()
    return ok("language model", f"{site.settings.chat_model} 应答正常")


def _broker(site: Site) -> Finding:
    url = site.settings.broker_url
    if url is None:
        return ok("broker", "未设置，进程内唤醒")
    if site.broker.ready(BROKER_S):
        return ok("broker", mask(url))
    return broken("broker", f"{mask(url)} 没有应答；消息不会丢，但多机之间会慢")


def _ports(site: Site) -> Finding:
    settings = site.settings
    places = (
        ("serve", settings.host, settings.port, "KEQIAO_PORT"),
        ("actions", "127.0.0.1", settings.actions_port, "KEQIAO_ACTIONS_PORT"),
        ("bot", "127.0.0.1", settings.bot_port, "KEQIAO_BOT_PORT"),
    )
    for name, host, port, setting in places:
        if holder(settings.home, name) is None:
            demand_free(host, port, setting, patience_s=0)
    return ok("ports", "、".join(str(port) for _, _, port, _ in places))


def _bot_environment(site: Site) -> Finding:
    python = site.settings.bot_python
    if python.exists():
        return ok("bot environment", str(python))
    return broken("bot environment", f"没有 {python}，请运行 make setup")


def _bot_model(site: Site) -> Finding:
    if not site.settings.bot_python.exists():
        return warning("bot model", "没有机器人的环境，无法检查")
    if model_is_current(site.settings):
        return ok("bot model", "与训练数据一致")
    return warning("bot model", "尚未训练或已过期，keqiao up 时自动训练")


def _processes(site: Site) -> Finding:
    names = ("serve", "worker", "scheduler", "actions", "bot")
    running = {name: pid for name in names if (pid := holder(site.settings.home, name))}
    if not running:
        return ok("processes", "当前没有运行")
    return ok("processes", "、".join(f"{name}（{pid}）" for name, pid in running.items()))


def _bot(site: Site) -> Finding:
    if holder(site.settings.home, "bot") is None:
        return ok("bot", "当前没有运行")
    if not answers(f"{site.settings.bot_url}/"):
        return warning("bot", f"没有应答，日志在 {site.settings.home}/logs/bot.log")
    if not answers(f"{site.settings.actions_url}/health"):
        return warning("bot", f"动作服务没有应答，日志在 {site.settings.home}/logs/actions.log")
    return ok("bot", "应答正常")


def _clock(site: Site) -> Finding:
    now = site.clock.now()
    newest = max((_changed_at(path) for path in site.settings.home.glob("*.db")), default=0.0)
    if newest - now.timestamp() > 60:  # noqa: PLR2004 -- a minute
        return broken("clock", "本机时间早于数据库的最后写入，请校准时间")
    return ok("clock", f"{now.isoformat(timespec='seconds')}")


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime


def _desks(site: Site) -> Finding:
    desks = site.office.desks.all
    unheard = [one.name for one in desks if one.told and not leads_out(one.told, site.settings)]
    if unheard:
        return warning(
            "desks",
            f"{'、'.join(unheard)} 的 told 没有对应的渠道，转人工的消息送不到；请检查 desks.yml",
        )
    if not any(one.attended for one in desks):
        return ok("desks", "未设置 desks.yml，转人工的单子用 keqiao handoffs 查看")
    everywhere = any(one.kind is None and one.region is None for one in desks)
    names = "、".join(one.name for one in desks)
    return ok(
        "desks", names if everywhere else f"{names}；没有兜底的联络台（不写 kind 和 region）"
    )
