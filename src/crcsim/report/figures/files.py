"""Pictures as text and as files: a small SVG for the page, SVG and PNG files beside it."""

from __future__ import annotations

import io
import re

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from crcsim.report.figures import style

__all__ = ["inline_svg", "png_bytes", "svg_text"]

_DPI = 144
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def svg_text(made: Figure) -> str:
    """The figure as an SVG document; the same figure gives the same text."""
    buffer = io.StringIO()
    with style.look():
        FigureCanvasSVG(made).print_figure(buffer, format="svg", metadata=_NO_METADATA)
    return _numbered(buffer.getvalue())


def _numbered(document: str) -> str:
    """Names of clipping areas by order instead of by a hash of their bounds, whose last bits may move with
    the layout.
    """
    names: dict[str, str] = {}
    pattern = r'(?<=[#"])p[0-9a-f]{10}(?=[")])'
    return re.sub(pattern, lambda found: names.setdefault(found[0], f"clip{len(names) + 1}"), document)


def inline_svg(document: str, name: str, description: str) -> str:
    """The `<svg>` element for a page: scalable, described for screen readers, its ids unique by `name`."""
    element = document[document.index("<svg ") :].rstrip()
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', element))
    element = re.sub(
        r' id="([^"]+)"', lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", element
    )
    element = re.sub(r'(url\(|href=")#', rf"\g<1>#{name}-", element)
    element = re.sub(r"<metadata>.*?</metadata>\s*", "", element, flags=re.DOTALL)
    element = re.sub(r'(<svg [^>]*?) width="[^"]+"', r"\1", element, count=1)
    element = re.sub(r'(<svg [^>]*?) height="[^"]+"', r"\1", element, count=1)
    label = description.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return element.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def png_bytes(made: Figure) -> bytes:
    """The figure as a PNG of about 1,100 pixels width."""
    buffer = io.BytesIO()
    with style.look():
        FigureCanvasAgg(made).print_figure(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    return buffer.getvalue()
