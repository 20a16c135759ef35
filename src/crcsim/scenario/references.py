"""References between the parts of a scenario: products, industries, segments, customers, places of draws."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crcsim.scenario.correlations import Correlation
from crcsim.scenario.customers import customer_id
from crcsim.scenario.nodes import ListNode, MapNode, Node, ScalarNode, join, normalised
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.reading import Reading, nearest

__all__ = ["check_correlated_places", "check_known", "check_references", "defined", "entries_of"]

#: Names that results give to sums and levels; also every name that starts with `segment:`.
RESERVED_NAMES = ("total", "company")


def check_references(root: MapNode, reading: Reading) -> None:
    """List every name that refers to nothing."""
    customers = entries_of(root, "customers")
    _check_names(customers, reading)
    _check_ids(customers, reading)
    for customer in customers.values():
        _check_customer(root, customer, reading)
    _check_costs(root, reading)
    if not reading.tables_broken:
        _check_mergers(root, list(customers), reading)


def entries_of(node: Node | None, *keys: str) -> dict[str, Node]:
    """Return the entries of the map below `keys`, or nothing where there is no map."""
    for key in keys:
        node = node.entries.get(key) if isinstance(node, MapNode) else None
    return dict(node.entries) if isinstance(node, MapNode) else {}


def defined(root: MapNode, *keys: str) -> dict[str, Node] | None:
    """Return the names that a part defines; None where it is broken, so that references to it stay open."""
    node: Node = root
    for key in keys:
        if not isinstance(node, MapNode):
            return None
        if key not in node.entries:
            return {}
        node = node.entries[key]
    return dict(node.entries) if isinstance(node, MapNode) else None


def _items(node: Node | None) -> list[MapNode]:
    items = node.items if isinstance(node, ListNode) else ()
    return [item for item in items if isinstance(item, MapNode)]


def _check_names(customers: dict[str, Node], reading: Reading) -> None:
    """List customers that are named like a line of the result that is no customer."""
    for name, node in customers.items():
        if name in RESERVED_NAMES or name.startswith("segment:"):
            hint = "results use this name for what belongs to no customer; choose another one"
            reading.report("reserved_name", node.position, node.path, value=name, hint=hint)


def _check_ids(customers: dict[str, Node], reading: Reading) -> None:
    """List two customers whose draws would be the same."""
    owners: dict[str, str] = {}
    for name, node in customers.items():
        identity = customer_id(name, node)
        if identity in owners:
            stated = node.entries.get("id", node) if isinstance(node, MapNode) else node
            hint = f"the customer {owners[identity]} has it already; draws belong to one customer"
            reading.report("duplicate_id", stated.position, stated.path, value=identity, hint=hint)
        owners[identity] = name


def _check_customer(root: MapNode, customer: Node, reading: Reading) -> None:
    industries = defined(root, "economy", "industries")
    products = defined(root, "products") if "products" in root.entries else None
    for noun, key, known in (("product", "lines", products), ("industry", "industry", industries)):
        stated = customer.entries.get(key) if isinstance(customer, MapNode) else None
        if isinstance(stated, MapNode):
            for name, node in stated.entries.items():
                at = ScalarNode(name, name, stated.keys[name], node.path)
                check_known(noun, at, known, reading)
    entries = entries_of(customer)
    check_known("segment", entries.get("segment"), defined(root, "segments"), reading)
    factor = entries_of(entries.get("event_correlation")).get("factor")
    check_known("factor", factor, None if industries is None else ["market", *industries], reading)


def check_known(noun: str, node: Node | None, known: Collection[str] | None, reading: Reading) -> None:
    """List a name that is not among the known ones, if those are known."""
    if known is None or not isinstance(node, ScalarNode) or not node.text.strip() or node.text in known:
        return
    near = nearest(node.text, known)
    hint = None if near else (f"known: {', '.join(list(known)[:12])}" if known else f"no {noun} is defined")
    reading.report(f"unknown_{noun}", node.position, node.path, value=node.text, nearest=near, hint=hint)


def _check_costs(root: MapNode, reading: Reading) -> None:
    names: set[str] = set()
    segments = defined(root, "segments")
    for cost in _items(root.entries.get("costs")):
        check_known("segment", cost.entries.get("segment"), segments, reading)
        name = cost.entries.get("name")
        if isinstance(name, ScalarNode):
            if name.text in names:
                reading.report(
                    "duplicate_cost", name.position, name.path, value=name.text, hint="name it otherwise"
                )
            names.add(name.text)


def _check_mergers(root: MapNode, customers: list[str], reading: Reading) -> None:
    pairs: set[tuple[str, str]] = set()
    for merger in _items(root.entries.get("mergers")):
        target, buyer = merger.entries.get("target"), merger.entries.get("buyer")
        for node in (target, buyer):
            check_known("customer", node, customers, reading)
        if not isinstance(target, ScalarNode) or not isinstance(buyer, ScalarNode):
            continue
        pair = (target.text, buyer.text)
        if target.text == buyer.text:
            hint = "a customer cannot merge with itself"
            reading.report("same_customer", buyer.position, buyer.path, value=buyer.text, hint=hint)
        elif pair in pairs:
            hint = "this merger is listed already; add up the probabilities"
            reading.report(
                "duplicate_merger", merger.position, merger.path, value=" -> ".join(pair), hint=hint
            )
        pairs.add(pair)


def check_correlated_places(
    root: MapNode, correlations: Iterable[Correlation], reading: Reading
) -> list[Correlation]:
    """Return the correlations with the places of their draws; names that are not one draw each are listed."""
    identities = {name: customer_id(name, node) for name, node in entries_of(root, "customers").items()}
    found: list[Correlation] = []
    pairs: set[frozenset[str]] = set()
    for correlation, node in zip(correlations, _items(root.entries.get("correlations")), strict=True):
        stated = node.entries["between"]
        names = stated.items if isinstance(stated, ListNode) else ()
        places = [_place(name, identities, reading) for name in names]
        for i, place in enumerate(places):
            for other in places[:i]:
                if frozenset((place, other)) in pairs:
                    value = f"{other} and {place}"
                    hint = "state each pair once"
                    reading.report(
                        "duplicate_correlation", stated.position, stated.path, value=value, hint=hint
                    )
                pairs.add(frozenset((place, other)))
        found.append(Correlation(tuple(places), correlation.matrix))
    return found


def _place(node: Node, identities: dict[str, str], reading: Reading) -> str:
    """Return the place of the draw that a name in `between` means: a customer's name stands for its id."""
    text = normalised(node.text) if isinstance(node, ScalarNode) else ""
    for name, identity in identities.items():
        prefix = join(("customers", name)) + "."
        if name != identity and text.startswith(prefix):
            text = join(("customers", identity)) + "." + text.removeprefix(prefix)
    quantity = reading.quantities.get(text)
    if quantity is None and text not in reading.broken:
        _report_unknown_place(node, text, reading)
    elif quantity is not None and not isinstance(quantity.value, Distribution):
        hint = "only what is stated as a distribution can be correlated"
        reading.report("not_a_distribution", node.position, node.path, value=text, hint=hint)
    return text


def _report_unknown_place(node: Node, text: str, reading: Reading) -> None:
    """List a name that is no draw; say so where it is shared, or drawn for each customer."""
    uncertain = [place for place, quantity in reading.quantities.items() if _uncertain(quantity)]
    last = text.rsplit(".", 1)[-1]
    hint = None
    near = nearest(text, uncertain)
    if text.startswith("customers."):
        shared = [
            place for place in uncertain if not place.startswith("customers.") and place.endswith("." + last)
        ]
        if shared:
            near, hint = (
                shared[0],
                "it is one draw that customers share; name it there, or add `each: true` there",
            )
    elif text.startswith(("customer_defaults.", "segments.")):
        own = [place for place in uncertain if place.startswith("customers.") and place.endswith("." + last)]
        if own:
            near, hint = own[0], "it is drawn for each customer; name the customer"
    if near is None and hint is None:
        hint = (
            f"uncertain quantities: {', '.join(uncertain[:8])}" if uncertain else "nothing here is uncertain"
        )
    reading.report("unknown_place", node.position, node.path, value=text, nearest=near, hint=hint)


def _uncertain(quantity: Quantity) -> bool:
    return isinstance(quantity.value, Distribution)
