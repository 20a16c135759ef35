"""Write the generated pages: `python docs/reference.py`; with `--check` only say which are out of date."""

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crcsim.results.registry import table
from crcsim.scenario import json_schema
from crcsim.scenario.containers import ListOf, MapOf, Removable
from crcsim.scenario.distributions import distribution_json
from crcsim.scenario.kinds import Kind
from crcsim.scenario.ledger import LEDGER
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.risks import NO_RISK, RISK
from crcsim.scenario.root import ROOT
from crcsim.scenario.sections import REQUIRED, Key, Section

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/reference.py from the code: change the code, then run it. -->\n\n"
RESULT_INTRO = """# Result reference

A result is the Dataset that `simulate` returns and `crcsim run` writes as one NetCDF-4 file. Its attributes
hold scenario text, tables, seed, versions and machine; `strategies`, a JSON list that says in words what
each strategy does; and `caveats`, a JSON list of sentences that are told with every number. A source named
MODEL is a section of [the model](model.md).

"""
SCENARIO_INTRO = """# Scenario reference

Every key of a scenario file. `crcsim schema` prints the same as JSON Schema for an editor.

## Values

- A **fraction** is `5%`, `50 bp` or `0.05`; **money** is `12.5 M EUR per year` (`k`, `M`, `bn`); a
  **duration** is `18 months`, `6 years` or `inf`.
- A **quantity** is such a value, or a map with `value` or one distribution, and perhaps `source`:
  `{value: 5%, source: "data: ..."}`, `{normal: {mean: 3%, sd: 1%}}`. Below a shared place
  (`customer_defaults`, a segment), `each: true` draws it for every customer apart.
- A **risk** is `{yearly_probability: 5%}` or `{hazard: 5% per year}`, never a bare number.
- `source` may stand beside every key; it holds for all below it until another is stated.

"""
LEDGER_INTRO = """# Ledger reference

Every table and column of a ledger, which `crcsim cost` reads. [Costing](costing.md) explains them by an
example.

A table is a list of rows, or a map that names a file beside the ledger: `{file: orders.csv}`, for a workbook
with its `sheet`, and `columns: {key: header}` where the headers are not the keys. Cells are written as in the
ledger.

- An **amount** is `1234.50` or `12.5 k EUR`, of the period that stands beside it, in whole cents.
- A **fraction** is `30%` or `0.3`; a **notice** is `0`, `6 months` or `inf`.

"""


def result_page() -> str:
    """Return the page of all variables of a result."""
    return NOTE + RESULT_INTRO + table()


def scenario_page() -> str:
    """Return the page of all keys of a scenario file."""
    return page(NOTE + SCENARIO_INTRO + distributions(), ROOT)


def ledger_page() -> str:
    """Return the page of all keys of a ledger."""
    return page(NOTE + LEDGER_INTRO, LEDGER)


def page(introduction: str, root: Kind[Any]) -> str:
    """Return an introduction and a table of keys for every section below a root."""
    places: dict[int, str] = {}
    found = list(sections("", root, places))
    parts = [introduction]
    for heading, kind in found:
        title = f"## `{heading}`" if heading else "## The file"
        header = ["| Key | Value | Default | Meaning |", "|---|---|---|---|"]
        parts.append("\n".join([title, "", *header, *rows(kind, places), ""]))
    return "\n".join(parts)


def distributions() -> str:
    """Return the table of distributions and their parameters."""
    forms = json_schema()["$defs"]["quantity"]["oneOf"][1]["properties"]
    rows = [f"| `{name}` | {parameters(form)} |" for name, form in forms.items() if parameters(form)]
    return "\n".join(["| Distribution | Parameters |", "|---|---|", *rows, ""])


def parameters(form: dict[str, Any]) -> str:
    """Return the parameter names of a distribution, nothing where the form is not one."""
    return ", ".join(f"`{name}`" for name in form.get("properties", {}))


def sections(path: str, kind: Kind[Any], places: dict[int, str]) -> Iterator[tuple[str, Kind[Any]]]:
    """Yield every kind with keys below `kind` once, with its path; `places` keeps the path by identity."""
    if isinstance(kind, MapOf):
        yield from sections(f"{path}.<{kind.noun}>", kind.kind, places)
    elif isinstance(kind, ListOf):
        yield from sections(f"{path}[]", kind.kind, places)
    elif isinstance(kind, Removable):
        yield from sections(path, kind.kind, places)
    elif kind is not RISK and id(kind) not in places and (isinstance(kind, Section) or forms(kind)):
        places[id(kind)] = path
        yield path, kind
        for name, part in parts(kind):
            yield from sections(f"{path}.{name}".lstrip("."), part, places)


def parts(kind: Kind[Any]) -> list[tuple[str, Kind[Any]]]:
    """Return the kinds of the keys of a kind."""
    if isinstance(kind, Section):
        return [(key.name, key.kind) for key in kind.keys]
    named = [(name, kind.part(name)) for name in forms(kind)]
    return [(name, part) for name, part in named if part is not None]


def forms(kind: Kind[Any]) -> dict[str, Any]:
    """Return the keys, by their schema, of a kind that is a value or one of several maps."""
    schemas = kind.schema().get("oneOf", ())
    return {name: form for schema in schemas for name, form in schema.get("properties", {}).items()}


def rows(kind: Kind[Any], places: dict[int, str]) -> list[str]:
    """Return one row per key."""
    if isinstance(kind, Section):
        return [f"| `{k.name}` | {value(k.kind, places)} | {default(k)} | {k.doc} |" for k in kind.keys]
    stated = {name: form for name, form in forms(kind).items() if name != "source"}
    values = {name: value(part, places) for name, part in parts(kind)}
    return [
        f"| `{name}` | {values.get(name, described(form))} | | {form['description']} |"
        for name, form in stated.items()
    ]


def value(kind: Kind[Any], places: dict[int, str]) -> str:
    """Return what may stand behind a key."""
    if kind is RISK:
        return "risk"
    if isinstance(kind, MapOf):
        return f"map: {kind.noun} to {value(kind.kind, places)}"
    if isinstance(kind, ListOf):
        return f"list of {value(kind.kind, places)}"
    if isinstance(kind, Removable):
        return value(kind.kind, places)
    if isinstance(kind, Section):
        return f"[map]({anchor(places[id(kind)])})"
    simple = described(kind.schema())
    return f"{simple}, or [map]({anchor(places[id(kind)])})" if id(kind) in places else simple


def anchor(heading: str) -> str:
    """Return the link to a heading, as GitHub and Sphinx make it."""
    return "#" + "".join(letter for letter in heading.lower() if letter.isalnum() or letter in "_-")


def described(schema: dict[str, Any]) -> str:
    """Return a JSON Schema in words."""
    if "oneOf" in schema:
        return " or ".join(described(form) for form in schema["oneOf"] if "properties" not in form)
    if schema.get("$ref") == "#/$defs/customer":
        return f"[map]({anchor('customers.<customer>')})"
    if schema.get("$ref") == "#/$defs/quantity":
        return f"quantity, as `{schema['examples'][0]}`" if "examples" in schema else "quantity"
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{word}`" for word in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "object":
        return "map of " + ", ".join(f"`{name}`" for name in schema["properties"] if name != "source")
    if schema.get("type") == "array":
        return f"list of {described(schema['items'])}"
    if "examples" in schema:
        return f"as `{schema['examples'][0]}`"
    names = {"integer": "whole number", "boolean": "`true`, `false`", "string": "text"}
    return names.get(schema.get("type", ""), "nothing" if "not" in schema else "any value")


def default(key: Key) -> str:
    """Return the default of a key in words."""
    if key.default is REQUIRED:
        return "required"
    if key.default is None or key.default == {}:
        return ""
    if key.default is NO_RISK:
        return "never"
    if isinstance(key.default, dict):
        return ", ".join(f"`{name}: {_short(entry)}`" for name, entry in key.default.items())
    if isinstance(key.default, Distribution):
        return f"`{_short(distribution_json(key.default))}`"
    if isinstance(key.default, bool):
        return f"`{str(key.default).lower()}`"
    if isinstance(key.default, float):
        return "`inf`" if math.isinf(key.default) else f"`{key.default:g}`"
    return f"`{key.default}`"


def _short(entry: Any) -> str:
    """Return a number or nested maps of numbers as they are written in a file."""
    if isinstance(entry, dict):
        return "{" + ", ".join(f"{name}: {_short(part)}" for name, part in entry.items()) + "}"
    return f"{entry:g}"


PAGES = {
    "ledger-reference.md": ledger_page,
    "result-reference.md": result_page,
    "scenario-reference.md": scenario_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` return 1 when one of them is out of date."""
    stale = [name for name, page in PAGES.items() if not _holds(HERE / name, page())]
    for name in stale:
        if "--check" in arguments:
            print(f"{name} is out of date: run python docs/reference.py")
        else:
            (HERE / name).write_text(PAGES[name](), encoding="utf-8")
            print(f"wrote {name}")
    return 1 if stale and "--check" in arguments else 0


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
