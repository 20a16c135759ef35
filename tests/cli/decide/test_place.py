"""Where an answer goes: answers about another strategy or part stand beside each other."""

from crcsim.cli.decide.frame import Output


def test_strategies_and_parts_stand_before_the_verb(tmp_path):
    place = Output(tmp_path, force=False).place

    assert "case.marginal.nc" == place("case.yaml", "marginal", "baseline").target.name
    assert "case.all-shared.marginal.nc" == place("case.yaml", "marginal", "All shared").target.name
    assert "case.lines.late.abandon.nc" == place("case.yaml", "abandon", "lines", "late").target.name
    assert "case.abandon.nc" == place("case.yaml", "abandon", None, "baseline").target.name
    assert "case.other.timing.nc" == place("case.yaml", "timing", "?").target.name
