"""Indexed expressions made shorter: deltas summed away, terms collected, bound indices named alike."""
