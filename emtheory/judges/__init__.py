"""Four independent judges: `symbolic` (all sizes), `exact` (rationals), `balls` (Arb), `floats` (bounded rounding)."""
