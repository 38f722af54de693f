"""The part of the check that Vale does, while the checks in Python do theirs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docset.prose import vale
from docset.prose.memory import Memory
from docset.prose.unseen import copied, extended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from docset.project import Project
    from docset.prose.alerts import Alert
    from docset.prose.site import Site

    Lint = Callable[[Project, Sequence[str]], Iterable[Alert]]

__all__ = ["linted"]

FILE = "vale.json"


@contextmanager
def linted(
    project: Project, site: Site, paths: Sequence[str], lint: Lint = vale.alerts
) -> Iterator[Callable[[], list[Alert]]]:
    """Lint these pages while the block runs; what it gets returns the alerts, once all are there.

    Words that a linter does not see are shown to it, and what it has seen before is not.
    ``lint`` takes a project and folders of it, which hold nothing but what is to be linted.
    """
    memory = Memory(project.work.with_name("prose") / FILE, vale.rules(project))
    pages = {path: extended(site.sources[path].page) for path in paths}
    texts = {path: page.text for path, page in pages.items()}
    new = {path: texts[path] for path in memory.new(texts)}
    with copied(project, new) as copy, ThreadPoolExecutor(1) as other:
        # Vale reads what is in one folder side by side, and files that are named one by one.
        folders = sorted({path.partition("/")[0] for path in new})
        # The thread only waits: two that work would take turns, and each waits long for its own.
        found = other.submit(lambda: list(lint(copy, folders)))

        def alerts() -> list[Alert]:
            memory.learn(new, found.result())
            memory.save(site.sources)
            return [pages[alert.path].in_page(alert) for alert in memory.alerts(paths)]

        yield alerts
