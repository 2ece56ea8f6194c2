"""Series that remember their past."""

import numpy as np


def ar1(n, phi, seed, k=1):
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((n, k))
    for night in range(1, n):
        noise[night] += phi * noise[night - 1]
    return noise
