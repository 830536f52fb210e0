"""The zone people read and say times in; inside, every instant is aware UTC."""

from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
