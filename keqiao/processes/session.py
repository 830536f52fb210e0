"""A bot for the length of one command: the running one, or one of our own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from core.domain.errors import UnavailableError
from keqiao.bootstrap import Site
from keqiao.locks import holder
from keqiao.processes.bot import train_bot, wait_until_answers
from keqiao.processes.ports import free_port
from keqiao.processes.up import BOT_START_S, child


@contextmanager
def with_bot(site: Site, say: Callable[[str], None]) -> Iterator[Site]:
    """The site with a bot that answers; ours listens on free ports and ends with the block.

    Raises:
        UnavailableError: the bot did not come up.
    """
    with ExitStack() as stack:
        if holder(site.settings.home, "bot") is None:
            site = Site(
                site.settings.model_copy(
                    update={"bot_port": free_port(), "actions_port": free_port()}
                )
            )
            stack.callback(site.close)
            stack.enter_context(child(site, "actions", say))
            train_bot(site.settings, say)
            say("正在启动对话机器人，约需半分钟……")
            stack.enter_context(child(site, "bot", say))
        settings = site.settings
        for url in (f"{settings.actions_url}/health", f"{settings.bot_url}/"):
            if not wait_until_answers(url, seconds=BOT_START_S):
                raise UnavailableError(f"{url} 没有应答，请查看 {settings.home}/logs")
        yield site
