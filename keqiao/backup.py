"""Everything that would be missed, in one file: database, bot's memory, secrets, desks.

The index and the models are not in it: they are made again from the database and from `bot/`.
"""

import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from core.domain.errors import BadInputError, ConflictError
from keqiao.locks import holder
from keqiao.settings import Settings

DATABASES = ("keqiao.db", "bot/tracker.db")
PLAIN = ("secrets", "desks.yml", "sources.yml", "wechat-notices.yml", "example-loaded")


def back_up(settings: Settings, target: Path) -> list[str]:
    """Write the archive in one step and return what is in it; safe while everything runs.

    Raises:
        BadInputError: the database is a server's, which its own tools back up.
    """
    _refuse_server(settings)
    home = settings.home.resolve()
    kept: list[str] = []
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # secrets are in it from the first byte on
    try:
        with tempfile.TemporaryDirectory() as scratch, tarfile.open(part, "w:gz") as archive:
            for name in DATABASES:
                if (home / name).exists():
                    copy = Path(scratch) / name.replace("/", "-")
                    _copy_database(home / name, copy)
                    archive.add(copy, name)
                    kept.append(name)
            for name in PLAIN:
                if (home / name).exists():
                    archive.add(home / name, name)
                    kept.append(name)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return kept


def restore(settings: Settings, source: Path) -> list[str]:
    """Put an archive into an empty home folder and return what was in it.

    Raises:
        BadInputError: not an archive of ours, or the home folder already holds a database.
        ConflictError: processes are running on the home folder.
    """
    _refuse_server(settings)
    home = settings.home.resolve()
    for name in ("serve", "worker", "scheduler", "actions", "bot"):
        if holder(home, name) is not None:
            raise ConflictError(f"{home} 上还有进程在运行，请先停止")
    if (home / DATABASES[0]).exists():
        raise BadInputError(f"{home} 已有数据；请把 KEQIAO_HOME 指向一个空目录再恢复")
    home.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(source, "r:gz") as archive:
            names = [member.name for member in archive.getmembers()]
            if DATABASES[0] not in names:
                raise BadInputError(f"{source} 不是科桥的备份文件")
            archive.extractall(home, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BadInputError(f"{source} 无法读取：{error}") from error
    return names


def _refuse_server(settings: Settings) -> None:
    if settings.database_url and not settings.database_url.startswith("sqlite"):
        raise BadInputError(
            "数据库在服务器上，请用它自己的备份工具（如 pg_dump），并备份 secrets 文件夹"
        )


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
