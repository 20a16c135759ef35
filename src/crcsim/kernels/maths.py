"""Elementary functions for lane loops: additions, multiplications and bit operations only.

LLVM turns a loop over any of them into vector instructions; a call of the C library or a look-up in a table
would keep the loop scalar, six times slower. Each function reduces its argument to a short interval and
evaluates a minimax polynomial there (J.-M. Muller, Elementary Functions, 3rd ed., chapters 3 and 11).
The coefficients, constant first, are those printed by `tools/fit_polynomials.py`. Errors are stated in ulp,
units in the last place (relative 1.1e-16 to 2.2e-16), as the largest seen against 50-digit values.
"""

from __future__ import annotations

import math

import numpy as np

from crcsim.kernels.accelerate import float_bits, float_of_bits, inline

__all__ = ["box_muller", "exp", "log", "normal_cdf", "normal_pair", "sin_cos_turn", "turn", "unit_uniform"]

ROUND = 1.5 * 2.0**52
"""Adding it rounds to the nearest whole number, which then stands in the low bits of the sum."""

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01  # 33 bits of ln 2, so that n * LN2_HIGH is exact
LN2_LOW = 1.90821492927058770002e-10  # the rest

ONE_BITS = 0x3FF0000000000000
TWO_52_BITS = 0x4330000000000000
MANTISSA_BITS = 0x000FFFFFFFFFFFFF
SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
SMALLEST_NORMAL = 2.2250738585072014e-308

EXP_LOW, EXP_HIGH = -708.0, 709.78
EXP = (
    1.0,
    1.0,
    0.5000000000000018,
    0.1666666666666617,
    0.04166666666649276,
    0.008333333333559258,
    0.0013888888951225115,
    0.0001984126943270459,
    2.480148652037328e-05,
    2.7557622510043422e-06,
    2.7632293631647135e-07,
    2.4994311126737952e-08,
)

LOG = (
    0.666666666666667,
    0.3999999999989918,
    0.2857142862610585,
    0.22222211115885235,
    0.18182890364833,
    0.15331684153016434,
    0.1461687388967687,
)

SIN = (
    1.5707963267948966,
    -0.6459640975062443,
    0.07969262624603957,
    -0.004681754132282457,
    0.00016044115029191622,
    -3.598641755244711e-06,
    5.633721100202825e-08,
)

COS = (
    0.9999999999999999,
    -1.2337005501361489,
    0.2536695078997531,
    -0.020863480733058607,
    0.0009192599355802688,
    -2.5200084137320835e-05,
    4.6546176616413115e-07,
)

NORMAL_CDF_SCALE = 5.0
NORMAL_CDF_END = 38.0
NORMAL_CDF = (
    0.7691930497500629,
    -0.6653825028900554,
    0.4953056159700089,
    -0.3135331566714471,
    0.1650203661688364,
    -0.06911863870208232,
    0.020795066828906642,
    -0.0029933768249598234,
    -0.0007978696796622627,
    0.0005448994279633423,
    -5.937413227485152e-05,
    -4.976415503783022e-05,
    1.667559089316056e-05,
    3.983574788592382e-06,
    -2.756768316086312e-06,
    -3.388340913251527e-07,
    4.160316649120065e-07,
    4.1192928274836477e-08,
    -5.2678667889238595e-08,
    -5.969284248028349e-09,
    3.0672708626893234e-09,
)
NORMAL_CDF_EVEN, NORMAL_CDF_ODD = NORMAL_CDF[0::2], NORMAL_CDF[1::2]
SPLIT_MASK = -0x8000000  # clears the low 27 bits of a float64: the square of the rest is exact


@inline
def polynomial(x: float, coefficients: tuple[float, ...]) -> float:
    """sum_k coefficients[k] x**k by Horner's rule; beyond 12 coefficients LLVM would keep the loop."""
    total = coefficients[-1]
    for k in range(len(coefficients) - 2, -1, -1):
        total = total * x + coefficients[k]
    return total


@inline
def exp(x: float) -> float:
    """e**x within 1 ulp for -708 <= x <= 709.78.

    Below, the result stays at e**-708 = 3.3e-308; above, it is inf. NaN gives NaN.
    With n = round(x / ln 2) and r = x - n ln 2: e**x = 2**n e**r, |r| <= ln(2) / 2.
    """
    clipped = EXP_LOW if x < EXP_LOW else x
    clipped = EXP_HIGH if clipped > EXP_HIGH else clipped
    shifted = clipped * LOG2_E + ROUND
    n = shifted - ROUND
    r = (clipped - n * LN2_HIGH) - n * LN2_LOW
    result = float_of_bits(float_bits(polynomial(r, EXP)) + (float_bits(shifted) << 52))
    return math.inf if x > EXP_HIGH else result


@inline
def log_of_normal(x: float) -> float:
    """ln x for a positive, finite, normal float64, within 1 ulp.

    With x = 2**k m, sqrt(1/2) <= m < sqrt(2), f = m - 1 and s = f / (2 + f):
    ln m = ln((1 + s) / (1 - s)) = f - (f**2 / 2 - s (f**2 / 2 + s**2 R(s**2))).
    """
    bits = float_bits(x) + (ONE_BITS - SQRT_HALF_BITS)
    k = float_of_bits(((bits >> 52) & 0x7FF) | TWO_52_BITS) - (2.0**52 + 1023.0)
    f = float_of_bits((bits & MANTISSA_BITS) + SQRT_HALF_BITS) - 1.0
    s = f / (2.0 + f)
    z = s * s
    half_square = 0.5 * f * f
    correction = s * (half_square + z * polynomial(z, LOG))
    return k * LN2_HIGH - ((half_square - (correction + k * LN2_LOW)) - f)


@inline
def log(x: float) -> float:
    """ln x within 1 ulp; 0 (and anything positive below 2.3e-308) gives -inf, negative or NaN gives NaN."""
    result = log_of_normal(x)
    result = -math.inf if x < SMALLEST_NORMAL else result
    result = math.nan if x < 0.0 else result
    return result if x < math.inf else x


@inline
def sin_cos_turn(angle: float) -> tuple[float, float]:
    """sin and cos of 2 pi angle (angle in turns, at most 2**49 in size), absolute errors below 2e-16."""
    shifted = 4.0 * angle + ROUND
    quarter = float_bits(shifted)
    f = 4.0 * angle - (shifted - ROUND)
    z = f * f
    sine = f * polynomial(z, SIN)
    cosine = polynomial(z, COS)
    swapped = (quarter & 1) != 0
    sine, cosine = (cosine if swapped else sine), (sine if swapped else cosine)
    sine = float_of_bits(float_bits(sine) ^ ((quarter & 2) << 62))
    cosine = float_of_bits(float_bits(cosine) ^ (((quarter + 1) & 2) << 62))
    return sine, cosine


@inline
def unit_uniform(bits: np.uint64) -> float:
    """The uniform on (0, 1] made of 52 random bits, exactly 1 - bits / 2**52; higher bits must be zero."""
    return 2.0 - float_of_bits(np.int64(bits) | ONE_BITS)


@inline
def turn(word: np.uint64) -> float:
    """The angle in [0, 1) turns made of 32 random bits, exactly word / 2**32; higher bits must be zero."""
    return (float_of_bits(np.int64(word) | TWO_52_BITS) - 2.0**52) * 2.0**-32


@inline
def normal_pair(uniform: float, angle: float) -> tuple[float, float]:
    """Two independent standard normals from a uniform on (0, 1] and an angle in turns.

    sqrt(-2 ln uniform) (cos 2 pi angle, sin 2 pi angle): G. Box, M. Muller, Annals of Mathematical Statistics
    29 (1958) 610. The largest radius that 52 bits give is 8.49.
    """
    radius = math.sqrt(-2.0 * log_of_normal(uniform))
    sine, cosine = sin_cos_turn(angle)
    return radius * cosine, radius * sine


@inline
def box_muller(radius_bits: np.uint64, angle_bits: np.uint64) -> tuple[float, float]:
    """Two independent standard normals from 52 bits for the radius and 32 bits for the angle."""
    return normal_pair(unit_uniform(radius_bits), turn(angle_bits))


@inline
def normal_cdf(x: float) -> float:
    """Phi(x), the standard normal distribution function; relative error below 2e-15 for x >= -37.4.

    With y = |x|: Phi(-y) = e**(-y**2 / 2) P((y - 5) / (y + 5)) / (y + 5), and Phi(y) = 1 - Phi(-y).
    The square is taken as high**2 + (y - high) (y + high), where high is y without its last 27 bits, because
    the rounding error of y**2 would cost a relative error of 8e-14 in the far tail. Below -37.6 the result
    stays near 3.5e-310.
    """
    y = abs(x)
    y = NORMAL_CDF_END if y > NORMAL_CDF_END else y
    high = float_of_bits(float_bits(y) & SPLIT_MASK)
    rest = -0.5 * (y - high) * (y + high)
    inverse = 1.0 / (y + NORMAL_CDF_SCALE)
    t = (y - NORMAL_CDF_SCALE) * inverse
    scaled = inverse * (polynomial(t * t, NORMAL_CDF_EVEN) + t * polynomial(t * t, NORMAL_CDF_ODD))
    power = rest * (1.0 + rest * (1.0 / 2.0 + rest * (1.0 / 6.0)))
    lower = exp(-0.5 * high * high) * (scaled + scaled * power)
    return 1.0 - lower if x > 0.0 else lower
