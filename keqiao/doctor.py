"""What is wrong with a site and how to mend it, one finding a part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from channels.envelopes import Envelopes
from core.domain.errors import KeqiaoError
from keqiao.bootstrap import Site
from keqiao.doors import leads_out, make_wechat, make_wechat_api
from keqiao.locks import holder
from keqiao.logs import mask
from keqiao.processes.bot import answers, model_is_current
from keqiao.processes.ports import demand_free

BROKER_S = 5.0


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part, how it is, and what to do about it."""

    part: str
    health: Health
    detail: str


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
        ("channels", _channels),
        ("wechat", _wechat),
        ("desks", _desks),
    )
    for part, check in checks:
        try:
            yield check(site)
        except (KeqiaoError, OSError) as error:
            yield _broken(part, str(error))


def _ok(part: str, detail: str) -> Finding:
    return Finding(part=part, health=Health.OK, detail=detail)


def _warning(part: str, detail: str) -> Finding:
    return Finding(part=part, health=Health.WARNING, detail=detail)


def _broken(part: str, detail: str) -> Finding:
    return Finding(part=part, health=Health.BROKEN, detail=detail)


def _home(site: Site) -> Finding:
    home = site.settings.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    probe = home / ".doctor"
    probe.touch()
    probe.unlink()
    return _ok("home", f"{home} 可写")


def _database(site: Site) -> Finding:
    found, wanted = site.database_revisions()
    if found == wanted:
        return _ok("database", f"可用，版本 {found}")
    if found is None:
        return _warning("database", "尚未建立，首次运行任何命令时自动建立")
    return _warning("database", f"版本 {found}，最新为 {wanted}；下次启动时自动升级")


def _index(site: Site) -> Finding:
    if site.database_revisions()[0] is None:
        return _warning("index", "数据库尚未建立，知识库也是空的")
    with site.units() as unit:
        documents = len(unit.documents.revisions())
        records = unit.records.count()
    if not documents:
        return _warning("index", "知识库是空的，请运行 keqiao ingest 文件夹")
    if site.knowledge.refresh():
        return _warning("index", f"与数据库不一致，已按 {documents} 份文档重建")
    return _ok("index", f"{documents} 份文档，{records} 条资源")


def _embedding(site: Site) -> Finding:
    fingerprint = site.knowledge.embedding()
    if site.settings.embedding_folder is None and site.settings.embedding_url is None:
        return _ok("embedding", f"内置（{fingerprint}），未设置向量模型")
    return _ok("embedding", fingerprint)


def _language_model(site: Site) -> Finding:
    rewording = site.knowledge.rewording
    if rewording is None:
        return _ok("language model", "未设置，按文件原文回答")
    rewording.check()
    return _ok("language model", f"{site.settings.chat_model} 应答正常")


def _broker(site: Site) -> Finding:
    url = site.settings.broker_url
    if url is None:
        return _ok("broker", "未设置，进程内唤醒")
    if site.broker.ready(BROKER_S):
        return _ok("broker", mask(url))
    return _broken("broker", f"{mask(url)} 没有应答；消息不会丢，但多机之间会慢")


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
    return _ok("ports", "、".join(str(port) for _, _, port, _ in places))


def _bot_environment(site: Site) -> Finding:
    python = site.settings.bot_python
    if python.exists():
        return _ok("bot environment", str(python))
    return _broken("bot environment", f"没有 {python}，请运行 make setup")


def _bot_model(site: Site) -> Finding:
    if not site.settings.bot_python.exists():
        return _warning("bot model", "没有机器人的环境，无法检查")
    if model_is_current(site.settings):
        return _ok("bot model", "与训练数据一致")
    return _warning("bot model", "尚未训练或已过期，keqiao up 时自动训练")


def _processes(site: Site) -> Finding:
    names = ("serve", "worker", "scheduler", "actions", "bot")
    running = {name: pid for name in names if (pid := holder(site.settings.home, name))}
    if not running:
        return _ok("processes", "当前没有运行")
    return _ok("processes", "、".join(f"{name}（{pid}）" for name, pid in running.items()))


def _bot(site: Site) -> Finding:
    if holder(site.settings.home, "bot") is None:
        return _ok("bot", "当前没有运行")
    if not answers(f"{site.settings.bot_url}/"):
        return _warning("bot", f"没有应答，日志在 {site.settings.home}/logs/bot.log")
    if not answers(f"{site.settings.actions_url}/health"):
        return _warning("bot", f"动作服务没有应答，日志在 {site.settings.home}/logs/actions.log")
    return _ok("bot", "应答正常")


def _clock(site: Site) -> Finding:
    now = site.clock.now()
    newest = max((_changed_at(path) for path in site.settings.home.glob("*.db")), default=0.0)
    if newest - now.timestamp() > 60:  # noqa: PLR2004 -- a minute
        return _broken("clock", "本机时间早于数据库的最后写入，请校准时间")
    return _ok("clock", f"{now.isoformat(timespec='seconds')}")


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime


def _channels(site: Site) -> Finding:
    settings = site.settings
    if bool(settings.webhook_secret) != bool(settings.webhook_out_url):
        return _warning(
            "channels", "KEQIAO_WEBHOOK_SECRET 与 KEQIAO_WEBHOOK_OUT_URL 需同时设置才能回复"
        )
    wanted = ("feishu_app_id", "feishu_app_secret", "feishu_encrypt_key")
    missing = [f"KEQIAO_{name.upper()}" for name in wanted if not getattr(settings, name)]
    if 0 < len(missing) < len(wanted):
        return _warning("channels", f"飞书没有打开，还缺 {'、'.join(missing)}")
    return _ok("channels", "、".join(sender.channel for sender in site.senders))


def _wechat(site: Site) -> Finding:
    settings = site.settings
    if bool(settings.wechat_app_id) != bool(settings.wechat_token):
        return _warning("wechat", "KEQIAO_WECHAT_APP_ID 与 KEQIAO_WECHAT_TOKEN 需同时设置")
    wechat = make_wechat(settings)
    if wechat is None:
        return _ok("wechat", "未设置")
    if not wechat.aes_keys:
        return _warning("wechat", "未设置 KEQIAO_WECHAT_AES_KEY，消息以明文收发；建议改为安全模式")
    Envelopes(token=wechat.token, keys=wechat.aes_keys, receive_id=wechat.app_id)
    api = make_wechat_api(settings, units=site.units, clock=site.clock)
    if api is None:
        return _ok("wechat", "安全模式，被动回复（未设置 KEQIAO_WECHAT_APP_SECRET）")
    try:
        api.token.get()
    finally:
        api.close()
    return _ok("wechat", "安全模式，客服消息；access_token 可用")


def _desks(site: Site) -> Finding:
    desks = site.office.desks.all
    unheard = [one.name for one in desks if one.told and not leads_out(one.told, site.settings)]
    if unheard:
        return _warning(
            "desks",
            f"{'、'.join(unheard)} 的 told 没有对应的渠道，转人工的消息送不到；请检查 desks.yml",
        )
    if not any(one.attended for one in desks):
        return _ok("desks", "未设置 desks.yml，转人工的单子用 keqiao handoffs 查看")
    everywhere = any(one.kind is None and one.region is None for one in desks)
    names = "、".join(one.name for one in desks)
    return _ok(
        "desks", names if everywhere else f"{names}；没有兜底的联络台（不写 kind 和 region）"
    )
