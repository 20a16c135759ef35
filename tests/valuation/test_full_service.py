"""Giving up a line: the part of the sales, and the penalty on the relation."""

import numpy as np
import pytest

from crcsim.valuation.full_service import dropped_share, hazard_penalty, share_penalty


def test_dropped_share_is_one_of_sales() -> None:
    sales = np.array([[60.0, 30.0, 10.0], [0.0, 0.0, 0.0]])

    np.testing.assert_allclose([0.4, 0.0], dropped_share(sales, [False, True, True]), rtol=1e-15)


def test_a_penalty_is_in_proportion_on_its_scale() -> None:
    assert 1.0 == hazard_penalty(1.5, 0.0)
    assert 1.5 == hazard_penalty(1.5, 1.0)
    assert -0.1 == pytest.approx(share_penalty(-0.4, 0.25), rel=1e-15)


def test_dropping_one_line_after_another_is_dropping_both() -> None:
    both = hazard_penalty(1.5, 0.2) * hazard_penalty(1.5, 0.3)

    assert both == pytest.approx(hazard_penalty(1.5, 0.5), rel=1e-14)
