"""One mistake in a ledger is one problem with file, row and column, in YAML, CSV and XLSX alike."""

from pathlib import Path

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario.ledger import load_ledger

SOUND = {
    "periods": ("name,years", ["2026,0"]),
    "customers": ("name,segment", ["Aldmark,north"]),
    "orders": ("order,customer,product,period,units,sales", ["o1,Aldmark,plain,2026,10,1000"]),
    "costs": ("name,level,object,line,amount,notice", ["fair,customer,Aldmark,marketing,50,0"]),
    "sub_processes": (
        "cost_centre,name,behaviour,line,cost,driver,quantity",
        ["office,enter,induced,indirect_personnel,100,orders,4"],
    ),
    "process_shares": ("cost_centre,sub_process,process,share", ["office,enter,handling,60%"]),
    "main_processes": (
        "name,level,driver,quantity,maximum_quantity",
        ["handling,order,orders,2,4", "care,customer,visits,1,1"],
    ),
    "consumption": ("process,object,quantity,reserved", ["handling,o1,1,"]),
}
#: table -> its rows, the code of the problem, its row in the table from 1, its column
CASES = {
    "negative units": ("orders", ["o1,Aldmark,plain,2026,-10,1000"], "out_of_range", 1, "units"),
    "negative driver": (
        "sub_processes",
        ["office,enter,induced,indirect_personnel,100,orders,-4"],
        "out_of_range",
        1,
        "quantity",
    ),
    "negative quantity": (
        "main_processes",
        ["handling,order,orders,-2,4", "care,customer,visits,1,1"],
        "out_of_range",
        1,
        "quantity",
    ),
    "negative consumption": ("consumption", ["handling,o1,-1,"], "out_of_range", 1, "quantity"),
    "negative cost": ("costs", ["fair,customer,Aldmark,marketing,-50,0"], "out_of_range", 1, "amount"),
    "driver of nothing": (
        "sub_processes",
        ["office,enter,induced,indirect_personnel,100,orders,0"],
        "zero_quantity_with_cost",
        1,
        "quantity",
    ),
    "process of nothing": (
        "main_processes",
        ["care,customer,visits,1,1", "handling,order,orders,0,0"],
        "zero_quantity_with_cost",
        2,
        "quantity",
    ),
    "shares above all": (
        "process_shares",
        ["office,enter,handling,60%", "office,enter,care,60%"],
        "shares_above_100%",
        2,
        "share",
    ),
    "share above all": ("process_shares", ["office,enter,handling,160%"], "out_of_range", 1, "share"),
    "no level": ("costs", ["fair,,Aldmark,marketing,50,0"], "nothing_stated", 1, "level"),
    "sum as a name": ("customers", ["Aldmark,north", "Total,north"], "reserved_name", 2, "name"),
}


def in_yaml(table: str, header: str, rows: list[str]) -> list[str]:
    """A table in the file itself; empty cells are left out."""
    pairs = ([*zip(header.split(","), row.split(","), strict=True)] for row in rows)
    texts = (", ".join(f"{key}: {value}" for key, value in row if value) for row in pairs)
    return [f"{table}:", *(f"  - {{{text}}}" for text in texts)]


def as_cell(text: str) -> float | str | None:
    try:
        return float(text)
    except ValueError:
        return text or None


def write(table: str, rows: list[str], kind: str) -> None:
    """Write the ledger with one table changed, and that table in a file of a kind."""
    lines = ["ledger: 1", "currency: EUR"]
    for name, (header, sound) in SOUND.items():
        if name != table:
            lines += in_yaml(name, header, sound)
        elif kind == "yaml":
            lines += in_yaml(name, header, rows)
        else:
            lines.append(f"{name}: {{file: t.{kind}}}")
    Path("ledger.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    texts = [SOUND[table][0], *rows]
    if kind == "csv":
        Path("t.csv").write_text("\n".join(texts) + "\n", encoding="utf-8")
    if kind == "xlsx":
        workbook = pytest.importorskip("openpyxl").Workbook()
        for text in texts:
            workbook.active.append([as_cell(cell) for cell in text.split(",")])
        workbook.save("t.xlsx")


@pytest.mark.parametrize("kind", ["yaml", "csv", "xlsx"])
@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_one_problem_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, kind: str
) -> None:
    table, rows, code, row, column = CASES[case]
    monkeypatch.chdir(tmp_path)
    write(table, rows, kind)
    with pytest.raises(ScenarioError) as raised:
        load_ledger("ledger.yaml")
    (found,) = raised.value.problems

    keys = SOUND[table][0].split(",")
    if kind == "yaml":
        lines = Path("ledger.yaml").read_text("utf-8").splitlines()
        at = lines.index(f"{table}:") + row
        stated = f"{column}: "
        place = lines[at].index(stated) + len(stated) + 1 if stated in lines[at] else 5
        code = "missing_key" if code == "nothing_stated" else code
        assert (code, "ledger.yaml", at + 1, place) == (found.code, found.file, found.line, found.column)
        assert f"{table}.{row - 1}.{column}" == found.path
    else:
        place = keys.index(column) + 1
        assert (code, f"t.{kind}", row + 1, place) == (found.code, found.file, found.line, found.column)


@pytest.mark.parametrize("kind", ["yaml", "csv", "xlsx"])
def test_the_ledger_is_sound_but_for_the_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write("orders", SOUND["orders"][1], kind)

    assert "o1" == load_ledger("ledger.yaml").tables["orders"][0]["order"]
