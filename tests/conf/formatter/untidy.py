"""Pages that look untidy: made from tidy ones, or from nothing."""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_FENCE = re.compile(r"\s*(`{3,}|:{3,})(.*)")


def untidied(text: str) -> str:
    """Return a page that shows the same as this tidy one, and looks otherwise."""
    front, body = _split(text)
    lines: list[str] = []
    closing = ""
    for line in body.split("\n"):
        fence = _FENCE.fullmatch(line)
        if closing:
            lines.append(line.replace(":::", "```") if line.strip() == ":::" else line)
            closing = "" if line.strip() == closing else closing
        elif fence and fence[2].startswith(("{note}", "{tip}", "{important}", "{warning}")):
            # Its body stays as it is.
            closing = fence[1]
            lines.append(line.replace(":::", "```"))
        elif fence and fence[2]:
            closing = fence[1]
            lines.append(line)
        else:
            lines += _untidy_line(line)
    return front + "\n".join(lines)


def _split(text: str) -> tuple[str, str]:
    if not text.startswith("---\n"):
        return "", text
    end = text.index("\n---\n") + 5
    return text[:end], text[end:]


def _untidy_line(line: str) -> list[str]:
    if not line:
        return ["", "", ""]
    if line.startswith(("%", "(", "|", ":", "    ")):
        return [line]
    line = re.sub(r"^( *)- ", r"\1* ", line)
    line = re.sub(r"(?<!\*)\*\*(\w[^*`]*\w)\*\*(?!\*)", r"__\1__", line)
    return [f"{line} "]


def untidy_page(chance: random.Random, number: int) -> str:
    """Return a page of many blocks, each written in a way of its own."""
    blocks = [_block(chance, depth=0) for _ in range(chance.randint(3, 9))]
    blank = "\n" * chance.randint(2, 4)
    front = "---\norphan: true\n---\n" if number else ""
    return f"{front}{blank[1:]}# Page {number}\n\n{blank.join(blocks)}\n"


def _block(chance: random.Random, *, depth: int) -> str:
    makers = [_paragraph, _list, _numbers, _code, _table, _rule, _heading, _quote]
    nested = [_admonition, _admonition, _box, _item_with_block] if depth < 3 else []
    return chance.choice([*makers, *nested])(chance, depth)


def _words(chance: random.Random) -> str:
    words = ["plain", "_stress_", "*stress*", "__weight__", "**weight**", "`co  de`", "a\\*b"]
    words += ["[link](https://example.org)", "<https://example.org>", "{abbr}`PID (number)`", "1."]
    words += ["-", "*", "x_y_z", "2*3*4", '"quoted"', "trailing  \n", "{#id}", ":::", "%"]
    text = chance.choice([" ", " ", "  ", "   "]).join(
        chance.choices(words, k=chance.randint(2, 7))
    )
    return "Words " + text.strip() + chance.choice(["", " ", "  ", "."])


def _paragraph(chance: random.Random, _: int) -> str:
    return "\n".join(_words(chance) for _ in range(chance.randint(1, 3)))


def _list(chance: random.Random, depth: int) -> str:
    mark = chance.choice("-*+")
    between = chance.choice(["\n", "\n\n"])
    items = [f"{mark} {_words(chance)}" for _ in range(chance.randint(1, 4))]
    if depth < 3 and chance.random() < 0.4:
        items.append(f"{mark} Inner:\n" + indent(_list(chance, depth + 1), "  "))
    before = chance.choice(["", "Words:\n"])
    return before + between.join(items)


def _numbers(chance: random.Random, _: int) -> str:
    first = chance.choice([1, 1, 3])
    numbers = chance.choice([[first] * 3, [first, first + 1, first + 2]])
    return "\n".join(f"{number}. {_words(chance)}" for number in numbers)


def _code(chance: random.Random, _: int) -> str:
    fence = chance.choice(["```", "~~~", "````"])
    language = chance.choice(["text", "python", "", "{code-block} python\n:caption: a.py\n"])
    body = chance.choice(["x  =  1   \n\n\n\ty = 2", "* no list", ":::{note}\n:::", "# no  title"])
    return f"% test: skip: nothing runs this\n{fence}{language}\n{body}\n{fence}"


def _table(chance: random.Random, _: int) -> str:
    left, right = chance.choice([("| ", " |"), ("", ""), ("| ", "")])
    return f"{left}a | b{right}\n{left}---|---{right}\n{left}1  1 | `x`{right}"


def _rule(chance: random.Random, _: int) -> str:
    return chance.choice(["---", "***", "* * *", "___"])


def _heading(chance: random.Random, depth: int) -> str:
    if depth:
        return "Words."
    label = chance.choice(["", f"(label-{chance.random()})=\n"])
    after = chance.choice(["\n", "\n\n"])
    return f"{label}{chance.choice(['##', '###'])} Heading  {after}{_words(chance)}"


def _quote(chance: random.Random, depth: int) -> str:
    return indent(_block(chance, depth=depth + 1), chance.choice(["> ", ">  "]), lambda _: True)


def _admonition(chance: random.Random, depth: int) -> str:
    kind = chance.choice(["note", "tip", "important", "warning", "hint"])
    head = chance.choice(["", " Title", "\n:class: wide", "\n---\nclass: wide\n---"])
    body = "\n\n".join(_block(chance, depth=depth + 1) for _ in range(chance.randint(1, 2)))
    mark = chance.choice(["`", "`", ":", "~"]) * (3 + 4 - depth)
    return f"{mark}{{{kind}}}{head}\n\n{body}\n{mark}"


def _box(chance: random.Random, depth: int) -> str:
    mark = chance.choice("`:") * (3 + 4 - depth)
    return f"{mark}{{dropdown}} Title\n{_block(chance, depth=depth + 1)}\n{mark}"


def _item_with_block(chance: random.Random, depth: int) -> str:
    mark = chance.choice(["- ", "* ", "1. "])
    inner = _block(chance, depth=depth + 1)
    return mark + indent(inner, " " * len(mark))[len(mark) :]
