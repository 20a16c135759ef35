"""Random edits of a scenario's customers, and who may feel them."""

from copy import deepcopy

from tests.naive.random_costs import add_customer_costs
from tests.naive.random_scenarios import INDUSTRIES, NAMES, customer


def random_edit(r, document):
    """(edited document, names of the customers that were added, removed or changed) by the choices of `r`."""
    edited = deepcopy(document)
    edit = r.one(add, remove, reorder, change, add, remove)
    touched = edit(r, edited)
    keep_only_known(edited)
    return edited, touched


def add(r, document):
    """One customer more, at a random place in the file; nothing where all names are taken."""
    free = [name for name in NAMES if name not in document["customers"]]
    if not free:
        return set()
    name = r.one(*free)
    document["customers"][name] = new_customer(r, document)
    reorder(r, document)
    return {name}


def remove(r, document):
    """One or two customers fewer; at least one stays."""
    names = list(document["customers"])
    gone = r.some(names, least=min(1, len(names) - 1), most=min(2, len(names) - 1))
    for name in gone:
        del document["customers"][name]
    return set(gone)


def reorder(r, document):
    """The same customers in another order of the file."""
    names = r.some(list(document["customers"]), least=len(document["customers"]))
    document["customers"] = {name: document["customers"][name] for name in names}
    return set()


def change(r, document):
    """Another customer under an old name."""
    name = r.one(*document["customers"])
    document["customers"][name] = new_customer(r, document)
    return {name}


def new_customer(r, document):
    """A random customer that fits into the document."""
    industries = [name for name in INDUSTRIES if name in document["economy"]["industries"]]
    segments = list(document.get("segments", ()))
    found = customer(r, industries, segments, document["time"]["periods_per_year"], lines=2)
    add_customer_costs(r, document, found)
    return found


def keep_only_known(document):
    """Drop mergers of customers that are gone, and correlations of quantities that are now fixed."""
    customers = document["customers"]
    mergers = [m for m in document["mergers"] if {m["target"], m["buyer"]} <= set(customers)]
    correlations = [
        {**stated, "between": [place for place in stated["between"] if is_uncertain(document, place)]}
        for stated in document.pop("correlations", ())
    ]
    correlations = [stated for stated in correlations if len(stated["between"]) > 1]
    document.update(mergers=mergers, **({"correlations": correlations} if correlations else {}))


def is_uncertain(document, place):
    """Whether a dotted place still holds a distribution."""
    node = document
    for key in place.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    return isinstance(node, dict)


def beyond_reach(before, after, touched):
    """Customers of both partitions into coupling groups that no touched customer is linked with."""
    linked = [set(group) for group in (*before, *after) if touched & set(group)]
    both = set().union(*before) & set().union(*after)
    return sorted(both.difference(touched, *linked))
