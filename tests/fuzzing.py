"""How often a random test tries: seldom among the other tests, FUZZ times as it says in `make fuzz`.

What hypothesis draws, and what is marked `fuzz`, is chosen by `make fuzz`. No test here is timed: a
busy machine is no bug of ours.
"""

import os

from hypothesis import HealthCheck, settings

FUZZ = int(os.environ.get("FUZZ", "0"))
_USUAL = 100  # of hypothesis


def tries(usual: int) -> int:
    """As often as hypothesis's hundred goes into FUZZ; at least as usual."""
    return max(usual, FUZZ * usual // _USUAL)


settings.register_profile(
    "ours", max_examples=tries(_USUAL), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ours")
