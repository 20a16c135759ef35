"""What every page is made of: sections and the templates."""

from __future__ import annotations

from dataclasses import dataclass, field

from jinja2 import Environment, PackageLoader, Template, select_autoescape

from crcsim.report.pictures import Picture
from crcsim.report.table import Table

__all__ = ["Section", "template"]


@dataclass
class Section:
    """A part of the page: paragraphs, then pictures, then tables."""

    title: str
    pictures: list[Picture] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    texts: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The name of the section in links."""
        return self.title.lower().replace(" ", "-")


def template(name: str) -> Template:
    """A template of the package; texts are escaped, and `digit_space` and `point_space` align numbers."""
    environment = Environment(
        loader=PackageLoader("crcsim.report"),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"digit_space": "\N{FIGURE SPACE}", "point_space": "\N{PUNCTUATION SPACE}"}
    return environment.get_template(name)
