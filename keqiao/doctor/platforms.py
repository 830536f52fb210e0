"""How the doors to platforms are set, a check for each."""

from channels.dingtalk.api.client import DingTalkApi
from channels.envelopes import Envelopes
from channels.mail.sender import MailSender
from channels.wecom.api import WeComApi
from channels.wecom.bot.ways import envelopes_of
from keqiao.bootstrap import Site
from keqiao.doctor.findings import Finding, ok, warning
from keqiao.doors import dingtalk, mail, wechat, wecom


def of_channels(site: Site) -> Finding:
    """Which channels are open, and which are half set."""
    settings = site.settings
    if bool(settings.webhook_secret) != bool(settings.webhook_out_url):
        return warning(
            "channels", "KEQIAO_WEBHOOK_SECRET 与 KEQIAO_WEBHOOK_OUT_URL 需同时设置才能回复"
        )
    wanted = ("feishu_app_id", "feishu_app_secret", "feishu_encrypt_key")
    missing = [f"KEQIAO_{name.upper()}" for name in wanted if not getattr(settings, name)]
    if settings.feishu_connection and "KEQIAO_FEISHU_ENCRYPT_KEY" in missing:
        missing.remove("KEQIAO_FEISHU_ENCRYPT_KEY")  # only what comes over HTTP is signed
    if 0 < len(missing) < len(wanted):
        return warning("channels", f"飞书没有打开，还缺 {'、'.join(missing)}")
    return ok("channels", "、".join(sender.channel for sender in site.senders))


def of_wechat(site: Site) -> Finding:
    """The account's keys, and whether its API takes them."""
    settings = site.settings
    if bool(settings.wechat_app_id) != bool(settings.wechat_token):
        return warning("wechat", "KEQIAO_WECHAT_APP_ID 与 KEQIAO_WECHAT_TOKEN 需同时设置")
    account = wechat.account_of(settings)
    if account is None:
        return ok("wechat", "未设置")
    if not account.aes_keys:
        return warning("wechat", "未设置 KEQIAO_WECHAT_AES_KEY，消息以明文收发；建议改为安全模式")
    Envelopes(token=account.token, keys=account.aes_keys, receive_id=account.app_id)
    api = wechat.api_of(settings, site.units, site.clock)
    if api is None:
        return ok("wechat", "安全模式，被动回复（未设置 KEQIAO_WECHAT_APP_SECRET）")
    try:
        api.token.get()
    finally:
        api.close()
    return ok("wechat", "安全模式，客服消息；access_token 可用")


def of_wecom(site: Site) -> Finding:
    """The app's keys, and whether WeCom takes them."""
    settings = site.settings
    wanted = ("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key")
    missing = [f"KEQIAO_{name.upper()}" for name in wanted if not getattr(settings, name)]
    if 0 < len(missing) < len(wanted):
        return warning("wecom", f"企业微信应用没有打开，还缺 {'、'.join(missing)}")
    if bool(settings.wecom_bot_token) != bool(settings.wecom_bot_aes_key):
        return warning("wecom", "KEQIAO_WECOM_BOT_TOKEN 与 KEQIAO_WECOM_BOT_AES_KEY 需同时设置")
    if bool(settings.wecom_bot_id) != bool(settings.wecom_bot_secret):
        return warning("wecom", "KEQIAO_WECOM_BOT_ID 与 KEQIAO_WECOM_BOT_SECRET 需同时设置")
    bot, app = wecom.bot_of(settings), wecom.app_of(settings)
    if bot is not None:
        envelopes_of(bot)
    robot = "智能机器人（长连接）" if wecom.line_of(settings) else "智能机器人" if bot else ""
    if app is None:
        return ok("wecom", robot or "未设置")
    Envelopes(token=app.token, keys=app.aes_keys, receive_id=app.corp_id)
    api = WeComApi(app, site.units, site.clock)
    try:
        api.token.get()
    finally:
        api.close()
    return ok("wecom", "、".join(filter(None, ("自建应用", robot))) + "；access_token 可用")


def of_dingtalk(site: Site) -> Finding:
    """The app's credentials, and how its robot is heard."""
    settings = site.settings
    if bool(settings.dingtalk_app_key) != bool(settings.dingtalk_app_secret):
        return warning(
            "dingtalk", "KEQIAO_DINGTALK_APP_KEY 与 KEQIAO_DINGTALK_APP_SECRET 需同时设置"
        )
    app = dingtalk.app_of(settings)
    if app is None:
        return ok("dingtalk", "未设置")
    api = DingTalkApi(app, site.units, site.clock)
    try:
        api.token.get()
    finally:
        api.close()
    way = "Stream 长连接" if settings.dingtalk_connection else "HTTP 回调 /dingtalk"
    return ok("dingtalk", f"{way}；access_token 可用")


def of_mail(site: Site) -> Finding:
    """Whether the mail server lets us in."""
    settings = site.settings
    if bool(settings.mail_host) != bool(settings.mail_from):
        return warning("mail", "KEQIAO_MAIL_HOST 与 KEQIAO_MAIL_FROM 需同时设置")
    server = mail.server_of(settings)
    if server is None:
        return ok("mail", "未设置")
    MailSender(server).check()
    if not settings.public_url:
        return warning("mail", "服务器可用；未设置 KEQIAO_PUBLIC_URL，邮件里没有退订链接")
    return ok("mail", "服务器可用")
