"""Growth and doubling times in words, with intervals that may be infinite or change sign."""

import numpy as np

from analysis.inference.nb2 import Floats


def percent_words(ratio: float) -> str:
    """Write a ratio less 1 as a signed percentage.

    Examples
    --------
    >>> percent_words(0.12345)
    '+12.3 %'
    """
    return f"{100 * ratio:+.1f} %"


def change_words(ratio: float) -> str:
    """Name growth or decline.

    Examples
    --------
    >>> change_words(-0.05)
    'Decline of 5.0 %'
    """
    if ratio == 0:
        return "No growth"
    return f"{'Growth' if ratio > 0 else 'Decline'} of {100 * abs(ratio):.1f} %"


def doubling_words(nights: Floats, growth: Floats) -> str:
    """Tell the doubling time and its interval, whatever the signs.

    Parameters
    ----------
    nights, growth : Floats
        Shape (3,) each: estimate, lower, upper; the doubling times at the ends of growth
        (``nights[1]`` belongs to ``growth[2]``), negative for halving.

    Examples
    --------
    >>> doubling_words(np.array([200.0, 90.0, -60.0]), np.array([0.1, -0.3, 0.2]))
    'the mean doubles every 200 nights, but the interval runs from doubling every 90 nights \
through no change to halving every 60 nights'
    """
    estimate, lower, upper = nights
    _, growth_lower, growth_upper = growth
    if not np.isfinite(estimate):
        central = "the mean neither doubles nor halves"
    else:
        word = "doubles" if estimate > 0 else "halves"
        central = f"the mean {word} every {abs(estimate):.0f} nights"
    if growth_lower == growth_upper == 0:
        return central
    if growth_lower > 0:
        return f"{central} (every {lower:.0f} to {upper:.0f})"
    if growth_upper < 0:
        return f"{central} (every {-upper:.0f} to {-lower:.0f})"
    fastest = "no doubling" if growth_upper == 0 else f"doubling every {lower:.0f} nights"
    slowest = "no halving" if growth_lower == 0 else f"halving every {-upper:.0f} nights"
    return f"{central}, but the interval runs from {fastest} through no change to {slowest}"
