"""The ledger of a past period that a scenario builds on: its process rates and its statements."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath

from crcsim.errors import ScenarioError
from crcsim.scenario.files import Files
from crcsim.scenario.kinds import FixedNumber, Text
from crcsim.scenario.ledger.document import LedgerDocument, read_ledger
from crcsim.scenario.nodes import MapNode
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading, nearest
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Duration, Interval

__all__ = ["LEDGER_LINK", "LedgerLink", "linked_ledger"]


@dataclass(frozen=True)
class LedgerLink:
    """A ledger, the period of it that the scenario starts from, and the length of that period in years."""

    document: LedgerDocument
    period: str
    length: float


LEDGER_LINK = Section(
    lambda values, at: values,
    (
        Key("file", Text(), "The YAML file of the ledger, beside the scenario."),
        Key("period", Text(), "The period of the ledger that the scenario starts from."),
        Key(
            "length",
            FixedNumber(Duration(), Interval(low=0.0, low_open=True)),
            "How long that period is.",
            default=1.0,
        ),
    ),
)


def linked_ledger(root: MapNode, files: Files, reading: Reading) -> LedgerLink | Invalid | None:
    """Return the ledger that a scenario names; None where it names none, problems are listed.

    Its files become files of the scenario.
    """
    node = root.entries.get("ledger")
    if node is None:
        return None
    stated = LEDGER_LINK.read(node, Address(("ledger",), ("ledger",)), reading)
    if isinstance(stated, Invalid) or not isinstance(node, MapNode):
        return INVALID
    at = node.entries["file"]
    file = files.beside(at.position, stated["file"])
    reading.record(("ledger", "file"), _beside_the_scenario(stated["file"], file, node, files))
    document = _document(file, node, files, reading)
    if document is None:
        return INVALID
    link = LedgerLink(document, stated["period"], stated["length"])
    sound = _check_period(link, node, reading) & _check_currency(link, node, stated["file"], reading)
    _warn_of_customers(link, root, node, reading)
    return link if sound else INVALID


def _document(file: str, node: MapNode, files: Files, reading: Reading) -> LedgerDocument | None:
    """Return the ledger in a file; its problems become problems of the scenario."""
    at = node.entries["file"]
    if files.read(file, at.position, at.path, reading) is None:
        return None
    if file not in files.parsed:
        own = Files(file, known=files.contents)
        try:
            files.parsed[file] = read_ledger(own)
        except ScenarioError as error:
            reading.add(error.problems)
            return None
        files.contents.update(own.contents)
    document: LedgerDocument = files.parsed[file]
    reading.warnings.update(dict.fromkeys(document.warnings))
    return document


def _beside_the_scenario(stated: str, file: str, node: MapNode, files: Files) -> str:
    """Return the path of the ledger as a scenario in the folder of this one would state it."""
    written_in = node.entries["file"].position.file
    if written_in == files.main or written_in not in files.contents or os.path.isabs(stated):
        return stated
    folder = os.path.dirname(files.main) or "."
    return PurePath(os.path.relpath(file, folder)).as_posix()


def _check_period(link: LedgerLink, node: MapNode, reading: Reading) -> bool:
    """List a period that the ledger does not have."""
    known = [row["name"] for row in link.document.tables["periods"]]
    if link.period in known:
        return True
    at = node.entries["period"]
    near = nearest(link.period, known)
    hint = None if near else f"periods of the ledger: {', '.join(known[:12])}"
    reading.report("unknown_period", at.position, at.path, value=link.period, nearest=near, hint=hint)
    return False


def _check_currency(link: LedgerLink, node: MapNode, file: str, reading: Reading) -> bool:
    """List a ledger in another currency."""
    if reading.currency in (None, link.document.currency):
        return True
    at = node.entries["file"]
    hint = f"{file} is in {link.document.currency}, the scenario in {reading.currency}; convert one of them"
    reading.report(
        "wrong_currency",
        at.position,
        at.path,
        value=link.document.currency,
        allowed=reading.currency,
        hint=hint,
    )
    return False


def _warn_of_customers(link: LedgerLink, root: MapNode, node: MapNode, reading: Reading) -> None:
    """Warn of customers whose past is in the ledger and whose future is not in the scenario."""
    customers = root.entries.get("customers")
    if not isinstance(customers, MapNode) or reading.tables_broken:
        return
    rows = (*link.document.tables["customers"], *link.document.tables["orders"])
    names = dict.fromkeys(row["name"] if "name" in row else row["customer"] for row in rows)
    missing = [name for name in names if name not in customers.entries]
    if missing:
        at = node.entries["file"]
        text = f"the scenario does not have these customers of the ledger: {', '.join(missing)}"
        reading.warn(at.position, at.path, text)
