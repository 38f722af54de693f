"""Edits of the tree of pages, of the configuration and of the other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conf.engine.edits import Pick, edit, new_block, where
from tests.conf.engine.markup import Broken, Image, Reference, Text
from tests.conf.engine.model import LAYOUT, SQUARE, Page, Project, Root

if TYPE_CHECKING:
    from collections.abc import Iterator

# Pages and toctrees


def _parents(root: Root, name: str) -> Iterator[Page]:
    return (page for page in root.pages.values() if name in page.entries)


def _add(project: Project, pick: Pick) -> tuple[Root, str]:
    root = pick.root(project)
    name = project.fresh(pick.one(["page", "a", "sub/page", "deep/er/page"]))
    markup = pick.one(list(root.pages.values())).markup
    page = Page(f"Page {name}", project.fresh("label"), markup, [Text(f"All of {name}.")])
    page.blocks.append(new_block(pick, project, root, Reference))
    root.pages[name] = page
    return root, name


@edit
def add_page(project: Project, pick: Pick) -> str:
    root, name = _add(project, pick)
    parent = pick.one([other for other in sorted(root.pages) if other != name])
    entries = root.pages[parent].entries
    entries.insert(pick.random.randint(0, len(entries)), name)
    return f"{where(root, name)} below {parent}"


@edit
def add_orphan(project: Project, pick: Pick) -> str:
    root, name = _add(project, pick)
    root.pages[name].front["orphan"] = ""
    return where(root, name)


@edit
def add_forgotten_page(project: Project, pick: Pick) -> str:
    return where(*_add(project, pick))


@edit
def delete_page(project: Project, pick: Pick) -> str:
    root, name, _ = pick.leaf(project)
    place = where(root, name)
    del root.pages[name]
    return place


@edit
def delete_page_and_entries(project: Project, pick: Pick) -> str:
    root, name, page = pick.leaf(project)
    place = where(root, name)
    del root.pages[name]
    for parent in _parents(root, name):
        at = parent.entries.index(name)
        parent.entries[at : at + 1] = page.entries
    return place


@edit
def rename_page(project: Project, pick: Pick) -> str:
    root, old, _ = pick.leaf(project)
    new = project.fresh(pick.one(["moved", "sub/moved"]))
    root.pages = {new if name == old else name: value for name, value in root.pages.items()}
    if pick.random.random() < 0.7:
        for parent in _parents(root, old):
            parent.entries = [new if entry == old else entry for entry in parent.entries]
    return f"{root.name}/{old} is now {where(root, new)}"


@edit
def swap_pages(project: Project, pick: Pick) -> str:
    root, one, page = pick.leaf(project)
    two = pick.one([name for name in sorted(root.pages) if name != "index"])
    other = root.pages[two]
    page.entries, other.entries = other.entries, page.entries
    root.pages[one], root.pages[two] = other, page
    return f"{where(root, one)} and {where(root, two)}"


@edit
def move_in_toctree(project: Project, pick: Pick) -> str:
    root, name, _ = pick.leaf(project)
    for parent in _parents(root, name):
        parent.entries.remove(name)
    parent_name = pick.one([other for other in sorted(root.pages) if other != name])
    entries = root.pages[parent_name].entries
    entries.insert(pick.random.randint(0, len(entries)), name)
    return f"{where(root, name)} below {parent_name}"


@edit
def reverse_toctree(project: Project, pick: Pick) -> str:
    root, name, page = pick.one([found for found in project.pages() if found[2].entries])
    page.entries.reverse()
    return where(root, name)


@edit
def break_toctree(project: Project, pick: Pick) -> str:
    root, name, page = pick.page(project)
    page.entries.append(project.fresh("missing"))
    return f"{where(root, name)}: {page.entries[-1]}"


@edit
def change_toctree_options(project: Project, pick: Pick) -> str:
    root, name, page = pick.one([found for found in project.pages() if found[2].entries])
    key, value = pick.one(
        [("numbered", ""), ("hidden", ""), ("caption", "Read on"), ("maxdepth", "1")]
    )
    if page.tree.pop(key, None) is None:
        page.tree[key] = value
    return f"{where(root, name)}: {page.tree}"


@edit
def list_by_pattern(project: Project, pick: Pick) -> str:
    """Let a toctree take every page of a folder, also those that come later."""
    root, name, page = pick.page(project)
    if pick.random.random() < 0.7:
        name, page = "index", root.pages["index"]
    for other in root.pages.values():
        other.entries = [entry for entry in other.entries if not entry.startswith("sub/")]
    page.tree["glob"] = ""
    page.entries = [entry for entry in page.entries if "*" not in entry] + ["sub/*"]
    return f"{where(root, name)}: {page.entries}"


@edit
def second_source(project: Project, pick: Pick) -> str:
    """Leave two files that claim one document."""
    root, name, page = pick.page(project)
    twin = f"{name}.{'rst' if page.markup == 'md' else 'md'}"
    root.files[twin] = "# Twin\n" if page.markup == "rst" else "Twin\n====\n"
    return f"{root.name}/{twin}"


# Snippets, images and other files


@edit
def change_snippet(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.snippets["note"] = [Text(f"Shared words {project.fresh('w')}.")]
    return f"{root.name}: {root.snippets['note']}"


@edit
def refer_from_snippet(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.snippets.setdefault("note", []).append(new_block(pick, project, root, Reference))
    return f"{root.name}: {root.snippets['note']}"


@edit
def break_snippet(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    broken = Reference("ref", "", project.fresh("missing"))
    project.serial += 1
    root.snippets.setdefault("note", []).append(pick.one([broken, Broken(project.serial)]))
    return f"{root.name}: {root.snippets['note']}"


@edit
def delete_snippet(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.snippets.pop("note", None)
    root.snippets["other"] = [Text("Nobody includes this.")]
    return root.name


@edit
def change_image(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    path = pick.one(["images/a/pic.svg", "images/b/pic.svg"])
    root.files[path] = SQUARE.format(project.fresh("image"))
    return f"{root.name}/{path}"


@edit
def delete_image(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    path = pick.one(["images/a/pic.svg", "images/b/pic.svg"])
    root.files.pop(path, None)
    return f"{root.name}/{path}"


@edit
def swap_images(project: Project, pick: Pick) -> str:
    root, name, _, block = pick.block(project, Image)
    block.path = pick.one(["/images/a/pic.svg", "/images/b/pic.svg", "/images/none.svg"])
    return f"{where(root, name)}: {block}"


@edit
def change_download(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.files["files/sample.txt"] = f"{project.fresh('sample')}\n"
    return f"{root.name}/files/sample.txt"


@edit
def change_static_file(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    path = pick.one(["_static/extra.css", "_static/data.txt"])
    root.files[path] = f"p {{ margin: {project.serial}px }}\n"
    project.serial += 1
    return f"{root.name}/{path}"


@edit
def add_or_delete_static_file(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    if root.files.pop("_static/more/new.txt", None) is None:
        root.files["_static/more/new.txt"] = "New.\n"
    return f"{root.name}/_static/more/new.txt"


@edit
def change_template(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    # Furo's pages extend another template than those of the older themes.
    name = "base.html" if root.theme == "furo" else "layout.html"
    text = LAYOUT.format(project.fresh("template")).replace("layout.html", name)
    root.files[f"_templates/{name}"] = text
    return f"{root.name}/_templates/{name}"


@edit
def delete_templates(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.files = {p: text for p, text in root.files.items() if not p.startswith("_templates")}
    return root.name


# Configuration

OPTIONS = {
    "html_title": ["'Another title'", "'A third title'"],
    "release": ["'1.0'", "'2.0'"],
    "rst_prolog": ["'.. |word| replace:: word\\n'"],
    "rst_epilog": ["'.. note:: The end.\\n'"],
    "language": ["'de'", "'fr'"],
    "smartquotes": ["False"],
    "numfig": ["True"],
    "html_use_index": ["False"],
    "html_copy_source": ["False"],
    "html_show_sourcelink": ["False"],
    "html_permalinks": ["False"],
    "html_short_title": ["'Short'"],
    "html_secnumber_suffix": ["' - '"],
    "html_context": ["{'word': 1}"],
    "toc_object_entries": ["False"],
    "add_function_parentheses": ["False"],
    "nitpick_ignore": ["[('py:func', 'nowhere')]"],
    "suppress_warnings": ["['toc.not_included']", "['image.not_readable']"],
    "exclude_patterns": ["['_snippets', 'sub']", "['_snippets', 'one.*']"],
    "myst_heading_anchors": ["2", "1"],
    "myst_enable_extensions": ["['colon_fence']"],
    "html_css_files": ["[]"],
    "html_extra_path": ["['files']"],
    "html_file_suffix": ["'.htm'"],
}


@edit
def change_option(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    name = pick.one(sorted(OPTIONS))
    value = pick.one([*OPTIONS[name], ""])
    root.conf.pop(name, None)
    root.conf |= {name: value} if value else {}
    return f"{root.name}/conf.py: {name} = {value or '(default)'}"


@edit
def set_tag(project: Project, pick: Pick) -> str:
    """Toggle the tag that decides what ``only draft`` shows."""
    root = pick.root(project)
    if root.conf.pop("_", None) is None:
        root.conf["_"] = "tags.add('draft')  # noqa: F821"
    return f"{root.name}/conf.py: {root.conf.get('_', 'no tag')}"


@edit
def break_configuration(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.conf["broken"] = pick.one(["1 / 0", "(", "__import__('no_such_module')"])
    return f"{root.name}/conf.py: broken = {root.conf['broken']}"


@edit
def break_extension(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.extensions.append(pick.one(["no_such_extension", "sphinx.ext.todo"]))
    return f"{root.name}/conf.py: {root.extensions}"


@edit
def change_theme(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.theme = pick.one(["alabaster", "basic", "classic", "no_such_theme"])
    return f"{root.name}/conf.py: {root.theme}"


@edit
def change_table(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    if pick.random.random() < 0.3:
        project.url = f"https://docs.example.org/{project.fresh('v')}/"
        return project.url
    root.title = project.fresh("Root ")
    return f"{root.name}: {root.title}"


@edit
def change_strictness(project: Project, pick: Pick) -> str:
    root = pick.root(project)
    root.strict = not root.strict
    return f"{root.name}: strict = {root.strict}"


@edit
def reorder_roots(project: Project, pick: Pick) -> str:
    pick.random.shuffle(project.roots)
    return ", ".join(root.name for root in project.roots)
