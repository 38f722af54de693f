"""The colors of the site against WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text."""

from __future__ import annotations

import re

import pytest
from pygments.styles import get_style_by_name
from pygments.token import Whitespace
from shared import configure

from tests.docs.project_copy import REPOSITORY, SITE

STYLES = (REPOSITORY / "conf" / "home" / "site.css").read_text("utf-8")
COLOR = re.compile(r"--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLORS = {name: (light, dark) for name, light, dark in COLOR.findall(STYLES)}

TEXTS = [
    "foreground-primary",
    "foreground-secondary",
    "foreground-muted",
    "brand-primary",
    "brand-content",
    "brand-visited",
]
BACKGROUNDS = ["background-primary", "background-secondary", "background-hover", "brand-soft"]


def luminance(color: str) -> float:
    """Return the relative luminance that WCAG 2.2 defines, between 0 and 1."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_out_from_its_background(text: str, background: str, scheme: int) -> None:
    assert contrast(COLORS[text][scheme], COLORS[background][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_words_on_a_button_stand_out(scheme: int) -> None:
    background, words = COLORS["brand-primary"], COLORS["background-primary"]
    assert contrast(words[scheme], background[scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("background", ["background-secondary", "background-primary"])
def test_every_color_of_code_stands_out_from_its_background(background: str, scheme: int) -> None:
    configuration = configure(SITE.roots[0].name)
    option = ("pygments_style", "pygments_dark_style")[scheme]
    for token, style in get_style_by_name(configuration[option]):
        if style["color"] and token is not Whitespace:
            color = f"#{style['color']}"
            assert contrast(color, COLORS[background][scheme]) >= 4.5, token


def test_contrast_is_measured_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
