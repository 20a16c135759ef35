"""Share of wallet (MODEL 3): exact Ornstein-Uhlenbeck step on the logit scale."""

import numpy as np

from crcsim.kernels.accelerate import part, spliced, stage
from crcsim.kernels.arrays import Draws, Floats, Group
from crcsim.kernels.lanes import copy
from crcsim.kernels.maths import exp
from crcsim.kernels.rng import counter_word, fill_draws
from crcsim.kernels.rows import LINE, LINE_FACT, LINE_STATE, STATE

#: First slot of the share noise of further lines: one draw serves two lines.
SHARE_SLOT = 16


@part
def step_share(
    pull: Floats, target: Floats, noise: Floats, normal: Floats, logit: Floats, share: Floats
) -> None:
    """x_t = x_{t-1} + (1 - e^{-kappa dt})(x* - x_{t-1}) + noise eta_t; share = 1/(1 + e^{-x_t}) (eq. 3.5)."""
    for i in range(share.shape[0]):
        x = logit[i] + pull[i] * (target[i] - logit[i]) + noise[i] * normal[i]
        logit[i] = x
        share[i] = 1.0 / (1.0 + exp(-x))


@stage
def shift_target(target: Floats, shift: Floats, wanted: Floats) -> None:
    """x* of the period: the target of the phase with what levers and dropped lines add (eq. 3.5)."""
    for i in range(wanted.shape[0]):
        wanted[i] = target[i] + shift[i]


@stage
def draw_share_normals(g: Group, member: int, d: Draws, low: np.uint64, high: np.uint64, period: int) -> None:
    """Normals of the lines after the first, two by two; pairs in which no share moves are not drawn."""
    first, last = g.line_start[member], g.line_start[member + 1]
    for line in range(first + 1, last, 2):
        second = line + 1
        if g.line_facts[LINE_FACT.share_moves, line] == 1 or (
            second < last and g.line_facts[LINE_FACT.share_moves, min(second, last - 1)] == 1
        ):
            word = counter_word(period, SHARE_SLOT + (line - first) // 2, d.stream)
            normal, spare = g.lines[line, LINE_STATE.normal], g.lines[line, LINE_STATE.spare_normal]
            fill_draws(d.path, low, high, word, d.k0, d.k1, normal, spare, g.lines[line, LINE_STATE.uniform])
            if second < last:
                copy(spare, g.lines[second, LINE_STATE.normal])


@spliced
def step_lines_share(g: Group, member: int, d: Draws, low: np.uint64, high: np.uint64, period: int) -> None:
    """Share of every line of a customer. The first line (by product) takes the second normal of the
    customer's slot 0.
    """
    first, last = g.line_start[member], g.line_start[member + 1]
    if last - first > 1:
        draw_share_normals(g, member, d, low, high, period)
    for line in range(first, last):
        if g.line_facts[LINE_FACT.share_moves, line] == 1:
            p, state = g.line_parameters[line], g.lines[line]
            normal = g.state[member, STATE.share_normal] if line == first else state[LINE_STATE.normal]
            target, noise = state[LINE_STATE.target], p[LINE.noise]
            if g.changed == 1:
                target = state[LINE_STATE.wanted]
                shift_target(state[LINE_STATE.target], state[LINE_STATE.share_effect], target)
            step_share(p[LINE.pull], target, noise, normal, state[LINE_STATE.logit], state[LINE_STATE.share])
