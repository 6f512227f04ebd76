"""An independent model of small formats: list every value, then choose between two neighbours.

It is written from the definitions with `Fraction`, shares no code with `rvx.number`, and is slow.
"""

from bisect import bisect_left
from fractions import Fraction
from functools import cache

NV, DZ, OF, UF, NX = 16, 8, 4, 2, 1


def float_value(code, exponent, fraction):
    """The value of a code without sign, by the formula of IEEE 754-2019, section 3.4."""
    bias = 2 ** (exponent - 1) - 1
    field, digits = code >> fraction, Fraction(code & (1 << fraction) - 1, 1 << fraction)
    if field == 0:
        return digits * Fraction(2) ** (1 - bias)
    return (1 + digits) * Fraction(2) ** (field - bias)


@cache
def float_grid(exponent, fraction):
    """Magnitudes in code order, as if the exponent field had no upper limit."""
    return [float_value(code, exponent, fraction) for code in range(1 << exponent + fraction + 3)]


@cache
def unlimited_grid(exponent, fraction):
    """Magnitudes of that precision around and far below the smallest normal number."""
    smallest = Fraction(2) ** (2 - 2 ** (exponent - 1))
    return [
        smallest * Fraction(2) ** power * (1 + Fraction(step, 1 << fraction))
        for power in range(-70, 2)
        for step in range(1 << fraction)
    ]


def choose(grid, magnitude, mode, negative, first_is_even=True):
    """The index of the value that a magnitude rounds to; it must lie within the grid."""
    above = bisect_left(grid, magnitude)
    if grid[above] == magnitude:
        return above
    below = above - 1
    middle = (grid[below] + grid[above]) / 2
    even = below if (below % 2 == 0) == first_is_even else above
    return {
        "RNE": even if magnitude == middle else below if magnitude < middle else above,
        "RMM": below if magnitude < middle else above,
        "RTZ": below,
        "RDN": above if negative else below,
        "RUP": below if negative else above,
        "ODD": below + above - even,
    }[mode]


def round_float(value, mode, exponent, fraction, largest, overflow):
    """Round a nonzero Fraction: code and flags. `largest` is a code, `overflow` what follows it."""
    negative, magnitude = value < 0, abs(value)
    sign = negative << exponent + fraction
    grid = float_grid(exponent, fraction)
    code = choose(grid, magnitude, mode, negative)
    if code > largest:
        toward_zero = mode in ("RTZ", "ODD", "RUP" if negative else "RDN")
        if overflow == "saturate" or toward_zero:
            return sign | largest, OF | NX
        return (sign if overflow == "infinity" else 0) | largest + 1, OF | NX
    if grid[code] == magnitude:
        return sign | code, 0
    smallest_normal = grid[1 << fraction]
    unlimited = unlimited_grid(exponent, fraction)
    if magnitude < unlimited[0]:
        return sign | code, UF | NX
    is_tiny = (
        magnitude < smallest_normal
        and unlimited[choose(unlimited, magnitude, mode, negative)] < smallest_normal
    )
    return sign | code, NX | (UF if is_tiny else 0)


def posit_fields(code, bits, es, longest):
    """Regime, exponent and fraction of a positive posit, bit by bit."""
    string = f"{code:0{bits - 1}b}"
    run = len(string) - len(string.lstrip(string[0]))
    run = min(run, longest)
    regime = run - 1 if string[0] == "1" else -run
    rest = string[run:] if run == longest else string[run + 1 :]
    power, digits = rest[:es].ljust(es, "0"), rest[es:]
    return regime, int(power, 2) if es else 0, Fraction(int("0" + digits, 2), 1 << len(digits))


def posit_value(code, bits, es, longest):
    regime, power, fraction = posit_fields(code, bits, es, longest)
    return Fraction(2) ** (regime * 2**es + power) * (1 + fraction)


@cache
def posit_grid(bits, es, longest):
    """Positive posits of `bits` bits, and the cuts between them.

    The cut between two posits is the posit of one more bit that lies between their codes
    (Posit Standard, rounding); the regime of a bounded posit stays bounded in it.
    """
    longer = longest + (longest == bits - 1)
    values = [posit_value(code, bits, es, longest) for code in range(1, 1 << bits - 1)]
    cuts = [posit_value(2 * code + 1, bits + 1, es, longer) for code in range(1, 1 << bits - 1)]
    return values, cuts[:-1]


def round_posit(value, bits, es, longest):
    """Round a nonzero Fraction to the nearest posit by the cuts; ties to the even code."""
    values, cuts = posit_grid(bits, es, longest)
    magnitude = abs(value)
    index = bisect_left(cuts, magnitude)  # cuts[index - 1] < magnitude <= cuts[index]
    code = index + 1
    if index < len(cuts) and cuts[index] == magnitude and code % 2 == 1:
        code += 1
    assert 1 <= code <= len(values)
    return code if value > 0 else (1 << bits) - code
