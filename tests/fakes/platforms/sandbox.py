"""Platforms to try a whole site against, without accounts: one person who speaks and reads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from keqiao.clock import SystemClock
from tests.fakes.platforms import dingtalk, dingtalk_events, feishu, feishu_events, wechat, wecom

SECRET = "sandbox-secret-0123456789abcdef"  # noqa: S105 -- no real one


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A platform with one person on it.

    `settings` are what the site has to be told, by the names of its settings; `say` speaks to the
    site and tells whether it took it; `read` is everything the person was told, in order.
    """

    settings: Mapping[str, str]
    say: Callable[[str], bool]
    read: Callable[[], list[str]]


@contextmanager
def on_wechat(site: str, port: int) -> Iterator[Sandbox]:
    """An Official Account with one follower, in safe mode."""
    fake = wechat.FakeWeChat(clock=SystemClock(), aes_key=wechat.AES_KEY)
    fake.port = port
    with fake:

        def say(text: str) -> bool:
            answer = fake.say(site, fake.fields(Content=text))
            return answer is not None and answer.is_success

        yield Sandbox(
            settings={
                "wechat_api_base": fake.url,
                "wechat_app_id": wechat.APP_ID,
                "wechat_app_secret": wechat.SECRET,
                "wechat_token": wechat.TOKEN,
                "wechat_aes_key": wechat.AES_KEY,
            },
            say=say,
            read=lambda: [_on_wechat(one) for one in list(fake.sent)],
        )


@contextmanager
def on_wecom(site: str, port: int) -> Iterator[Sandbox]:
    """An app of a corporation with one member."""
    fake = wecom.FakeWeComApp(clock=SystemClock())
    fake.port = port
    with fake:

        def say(text: str) -> bool:
            answer = fake.say(site, fake.fields(Content=text))
            return answer is not None and answer.is_success

        yield Sandbox(
            settings={
                "wecom_api_base": fake.url,
                "wecom_corp_id": wecom.CORP,
                "wecom_agent_id": str(wecom.AGENT),
                "wecom_secret": wecom.SECRET,
                "wecom_token": wecom.TOKEN,
                "wecom_aes_key": wecom.AES_KEY,
            },
            say=say,
            read=fake.texts,
        )


@contextmanager
def on_feishu(site: str, port: int) -> Iterator[Sandbox]:
    """An app with one person who talks to it alone."""
    fake = feishu.FakeFeishu(SystemClock(), secret=SECRET)
    fake.port = port
    pusher = feishu_events.Pusher(
        url=f"{site}/feishu", clock=SystemClock(), encrypt_key=SECRET, verification_token=SECRET
    )
    with fake:

        def say(text: str) -> bool:
            event = pusher.said(text)
            fake.origins[event["event"]["message"]["message_id"]] = "ou_li"
            try:
                return pusher.push(event).is_success
            except httpx2.HTTPError:
                return False

        yield Sandbox(
            settings={
                "feishu_api_base": fake.url,
                "feishu_app_id": feishu.APP_ID,
                "feishu_app_secret": SECRET,
                "feishu_encrypt_key": SECRET,
                "feishu_verification_token": SECRET,
            },
            say=say,
            read=lambda: [_with(one.text, _titles(one.buttons)) for one in list(fake.sent)],
        )


@contextmanager
def on_dingtalk(site: str, port: int) -> Iterator[Sandbox]:
    """A robot with one person who talks to it alone."""
    fake = dingtalk.FakeDingTalk(SystemClock(), secret=SECRET)
    fake.port = port
    with fake:
        pusher = dingtalk_events.Pusher(fake=fake, secret=SECRET, url=f"{site}/dingtalk")

        def say(text: str) -> bool:
            try:
                return pusher.push(pusher.said(text)) == httpx2.codes.OK
            except httpx2.HTTPError:
                return False

        yield Sandbox(
            settings={
                "dingtalk_api_base": fake.url,
                "dingtalk_oapi_base": fake.url,
                "dingtalk_app_key": dingtalk.APP_KEY,
                "dingtalk_app_secret": SECRET,
                "dingtalk_robot_code": dingtalk.APP_KEY,
            },
            say=say,
            read=lambda: [
                _with(one.text, [title for title, _ in one.buttons]) for one in list(fake.sent)
            ],
        )


SANDBOXES: Mapping[str, Callable[[str, int], AbstractContextManager[Sandbox]]] = {
    "wechat": on_wechat,
    "wecom": on_wecom,
    "dingtalk": on_dingtalk,
    "feishu": on_feishu,
}


def _on_wechat(message: Mapping[str, Any]) -> str:
    if "msgmenu" in message:
        menu = message["msgmenu"]
        return _with(menu["head_content"], [one["content"] for one in menu["list"]])
    if "text" in message:
        return str(message["text"]["content"])
    return "\n".join(str(one["value"]) for one in message["data"].values())


def _titles(buttons: list[dict[str, Any]]) -> list[str]:
    return [str(one["text"]["content"]) for one in buttons]


def _with(text: str, choices: list[str]) -> str:
    lines = [f"[{number}] {title}" for number, title in enumerate(choices, start=1)]
    return "\n".join((text, *lines))
