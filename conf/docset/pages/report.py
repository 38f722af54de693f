"""What a run of pages says at its end: the coverage of each root and product, and its fall."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docset.pages import ratchet
from docset.pages.coverage import Coverage
from docset.pages.faults import Fault
from docset.pages.rules import Rule
from docset.project import FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from docset.project import Project, Root

__all__ = ["Report", "make_report"]

# Folders that pytest does not look into, nor Sphinx.
_IGNORED = frozenset({"build", "dist", "node_modules", "venv"})
_AGAIN = "restore it, or keep what is there now: docset pages --ratchet"


@dataclass
class Report:
    """Lines to print, and the faults for which the run fails."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def make_report(
    project: Project,
    pages: Mapping[str, Mapping[str, Any]],
    failed: Collection[str],
    *,
    keep: bool,
) -> Report:
    """Return the report of the pages that ran, by their paths in the project.

    The coverage of a root is judged where every page of it ran and none failed. With ``keep`` it
    is kept instead, if that holds for all roots.
    """
    report = Report()
    covered = _by_product(pages.values())
    for key, coverage in sorted(covered.items()):
        ours = [page for page in pages.values() if (page["root"], page["product"]) == key]
        report.lines.append(f"{ratchet.name(*key)}: {_counts(coverage, ours)}")
        report.lines += [f"  skipped {skip}" for page in ours for skip in page["skips"]]
    complete = {
        root.name for root in project.roots if _files(project, root) <= set(pages) - set(failed)
    }
    whole = {key: coverage for key, coverage in covered.items() if key[0] in complete}
    everything = len(complete) == len(project.roots)
    if keep:
        _keep(project, whole, report, everything=everything)
    elif complete:
        _judge(project, whole, complete, report)
    if everything:
        _judge_skips(project, whole, report)
    return report


def _by_product(pages: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Coverage]:
    covered: dict[tuple[str, str], Coverage] = {}
    for page in pages:
        key = page["root"], page["product"]
        covered[key] = covered.get(key, Coverage()) + Coverage(**page["coverage"])
    return covered


def _counts(coverage: Coverage, pages: Collection[Mapping[str, Any]]) -> str:
    counts = [
        f"{len(pages)} pages",
        f"{coverage.blocks} blocks",
        *(f"{number} {way}" for way, number in coverage.as_dict().items()),
        f"{sum(page['commands'] for page in pages)} commands",
    ]
    if updated := sum(page["updated"] for page in pages):
        counts.append(f"{updated} outputs updated")
    return ", ".join(counts)


def _files(project: Project, root: Root) -> set[str]:
    """Return the paths of all pages of a root, as pytest finds them."""
    return {
        project.relative(file)
        for file in root.path.rglob("*.md")
        if not any(
            part.startswith((".", "_")) or part in _IGNORED
            for part in file.relative_to(root.path).parts
        )
    }


def _keep(project: Project, covered: ratchet.Covered, report: Report, *, everything: bool) -> None:
    file = project.pages.coverage
    if file is None:
        message = "name the file that keeps it in pyproject.toml: tool.docset.pages.coverage"
        report.faults.append(_fault(FILE, f"nothing is kept; {message}"))
    elif not everything:
        message = "a page was left out or failed, so nothing is kept; run all pages"
        report.faults.append(_fault(project.relative(file), message))
    else:
        ratchet.write(file, covered)
        report.lines.append(f"kept in {project.relative(file)}")


def _judge(
    project: Project, covered: ratchet.Covered, roots: Collection[str], report: Report
) -> None:
    if (file := project.pages.coverage) is None:
        return
    place = project.relative(file)
    try:
        kept = {key: value for key, value in ratchet.read(file).items() if key[0] in roots}
    except ValueError as error:
        report.faults.append(_fault(place, str(error)))
        return
    falls = list(ratchet.falls(kept, covered))
    report.faults += [_fault(place, f"{fall}; {_AGAIN}") for fall in falls]
    if not falls and ratchet.rises(kept, covered):
        report.lines.append(f"more than {place} keeps; keep it: docset pages --ratchet")


def _judge_skips(project: Project, covered: ratchet.Covered, report: Report) -> None:
    total = sum(covered.values(), Coverage())
    skipped = 100 * total.skipped / total.blocks if total.blocks else 0
    if skipped > project.pages.most_skipped:
        message = (
            f"{skipped:.1f} % of all blocks are skipped, and at most "
            f"{project.pages.most_skipped:g} % may be"
        )
        report.faults.append(_fault(FILE, message))


def _fault(file: str, message: str) -> str:
    return Fault(1, Rule.COVERAGE, message).at(file)
