"""The five roles of top executives. The table is keyed here a second time, from the article."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.executives import (
    CHAMPIONS_WITH_PROGRAMME,
    CHAMPIONS_WITHOUT,
    PROFIT_GROWTH,
    ROLES,
    SALES_GROWTH,
    SHARES,
    effective_years,
    mix_mean,
    mix_with_champions,
    multiple,
    relative_growth,
)

# Capon and Senn, "When CEOs make sales calls": percent of executives, growth of sales, growth of profit
ARTICLE = """
    Hands-off         28%   1.2%   -0.3%
    Loose cannon      21%   1.7%    2.7%
    Social visitor    19%   4.7%    6.9%
    Dealmaker         18%   4.1%    7.7%
    Growth champion   14%   8.8%    9.7%
"""
MIXES = st.lists(st.floats(0.05, 1.0), min_size=5, max_size=5).map(lambda raw: np.array(raw) / sum(raw))


def test_the_table_is_that_of_the_article() -> None:
    # cited because every effect of a role rests on these fifteen numbers
    keyed = [line.rsplit(maxsplit=3) for line in ARTICLE.strip().splitlines()]
    names = tuple(name.strip().lower().replace("-", "_").replace(" ", "_") for name, *_ in keyed)
    numbers = np.array([[float(text.rstrip("%")) / 100.0 for text in row[1:]] for row in keyed])

    assert names == ROLES
    np.testing.assert_allclose(numbers.T, [SHARES, SALES_GROWTH, PROFIT_GROWTH], rtol=1e-14)
    assert (0.26, 0.04) == (CHAMPIONS_WITH_PROGRAMME, CHAMPIONS_WITHOUT)


def test_means_of_the_mix() -> None:
    assert 0.03556 == pytest.approx(mix_mean(SALES_GROWTH, SHARES), rel=1e-10)
    assert 0.04538 == pytest.approx(mix_mean(PROFIT_GROWTH, SHARES), rel=1e-10)


def test_multiples_of_five_years() -> None:
    sales = [1.06145738393, 1.08793954902, 1.25815285775, 1.22251345466, 1.524559845]
    profit = [0.985089730405, 1.14248950155, 1.39600998964, 1.44903380199, 1.58866796375]

    np.testing.assert_allclose(multiple(SALES_GROWTH), sales, rtol=1e-10)
    np.testing.assert_allclose(multiple(PROFIT_GROWTH), profit, rtol=1e-10)


def test_ratios_that_the_article_speaks_of() -> None:
    # "two to three times" and "twice" hold for sales (3.0, 2.0), not for profit (6.1, 1.3)
    for growth, first, second in (
        (SALES_GROWTH, 3.03448275862, 2.0),
        (PROFIT_GROWTH, 6.08333333333, 1.32876712329),
    ):
        hands_off, cannon, visitor, dealmaker, champion = growth

        assert first == pytest.approx((visitor + dealmaker) / (hands_off + cannon), rel=1e-10)
        assert second == pytest.approx(champion / ((visitor + dealmaker) / 2.0), rel=1e-10)


@given(mix=MIXES)
def test_growth_relative_to_a_mix_vanishes_in_its_mean(mix: np.ndarray) -> None:
    growth = relative_growth(mix)

    assert 0.0 == pytest.approx(mix_mean(growth.sales, mix), abs=1e-15)
    assert 0.0 == pytest.approx(mix_mean(growth.margin, mix), abs=1e-15)


def test_growth_relative_to_a_mix_of_one_role() -> None:
    alone = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    growth = relative_growth(np.stack([alone, alone]))

    assert (2, 5) == growth.sales.shape
    assert np.log(1.088 / 1.012) == pytest.approx(growth.sales[1, -1], rel=1e-14)
    assert np.log(1.097 / 0.997) == pytest.approx(growth.sales[0, -1] + growth.margin[0, -1], rel=1e-14)


def test_champions_grow_most_and_hands_off_least() -> None:
    growth = relative_growth().sales

    assert (0, 4) == (np.argmin(growth), np.argmax(growth))
    assert growth[0] < 0.0 < growth[-1]


@pytest.mark.parametrize("mix", [(0.5, 0.5, 0.1, 0.0, 0.0), (1.2, -0.2, 0.0, 0.0, 0.0)])
def test_a_mix_adds_up_to_one(mix: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        relative_growth(mix)


@given(mix=MIXES, champions=st.floats(0.0, 1.0))
def test_a_sponsor_programme_keeps_the_proportions_of_the_others(mix: np.ndarray, champions: float) -> None:
    shifted = mix_with_champions(champions, mix)

    assert champions == shifted[-1]
    assert 1.0 == pytest.approx(shifted.sum(), rel=1e-14)
    np.testing.assert_allclose(shifted[:-1] * mix[0], mix[:-1] * shifted[0], rtol=1e-12)


def test_mixes_with_and_without_a_sponsor_programme() -> None:
    with_and_without = mix_with_champions([CHAMPIONS_WITH_PROGRAMME, CHAMPIONS_WITHOUT])

    assert (2, 5) == with_and_without.shape
    np.testing.assert_allclose(with_and_without[:, 0], [0.28 * 0.74 / 0.86, 0.28 * 0.96 / 0.86], rtol=1e-14)


def test_a_mix_with_champions_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        mix_with_champions(1.2)
    with pytest.raises(ValueError, match="who takes their place"):
        mix_with_champions(0.5, (0.0, 0.0, 0.0, 0.0, 1.0))


def test_an_effect_lasts_for_its_terms_and_fades() -> None:
    # half the effect a year after the term: 2.5 + (1 - 1/2) / ln 2
    np.testing.assert_allclose(
        [1.0, 2.5, 2.5 + 0.5 / np.log(2.0)], effective_years([1.0, 2.5, 3.5], 2.5, 1.0), rtol=1e-14
    )
    assert 2.5 == effective_years(4.0, 2.5, 0.0)


def test_no_effect_is_claimed_beyond_the_evidence() -> None:
    np.testing.assert_array_equal([4.0, 5.0, 5.0], effective_years([4.0, 5.0, 20.0], np.inf, 1.0))
    assert effective_years(5.0, 3.0, 2.0) == effective_years(50.0, 3.0, 2.0)
