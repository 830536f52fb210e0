"""Loading the example site once, when the site is still empty."""

from collections.abc import Callable

from core.domain.documents import IngestState
from keqiao.bootstrap import Site
from keqiao.example.load import example_records, render_documents

MARK = "example-loaded"


def load_example(site: Site, say: Callable[[str], None]) -> bool:
    """Load it on the first start of an empty site; True when it was loaded now."""
    mark = site.settings.home / MARK
    if mark.exists() or not site.settings.example:
        return False
    with site.units() as unit:
        empty = not unit.documents.revisions() and not unit.records.count()
    if empty:
        say("   首次启动：载入示例站点（政策、榜单、专家、团队、活动）")
        now = site.clock.now()
        files = render_documents(site.settings.home / "example", now)
        for outcome in site.knowledge.ingest(files):
            if outcome.state is IngestState.REFUSED:
                say(f"   {outcome.source}：{outcome.detail}")
        site.store_records(example_records(now))
    mark.touch()
    return empty
