"""How fast it is, next to what a user would otherwise take: `python -m tests.benchmarks`.

Every comparison is declared once, as a `Row` of `contest.py`; `measurement.py` runs the contenders, each in a process
of its own, in turn; `tables.py` and `curves.py` show what was found. `kill.py`, `hvp.py` and `optimizers.py` are
measurements of their own.
"""
