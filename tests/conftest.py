"""What the longest tables of the test run come to, in a line each at the end of it."""

from typing import Any

#: The property of a test's report that holds how far a row was from PyTorch.
ERROR = "relative error against PyTorch"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counts of what was run and passed, by this run: nothing is written down."""
    passed = terminalreporter.stats.get("passed", [])
    checks = sum("tests/laws/" in report.nodeid for report in passed)
    if checks:
        from laws.cases import CASES

        primitives = len({case.primitive.name for case in CASES})
        terminalreporter.write_line(f"laws: {primitives} primitives, {len(CASES):,} cases, {checks:,} checks")
    errors = [value for report in passed for name, value in report.user_properties if name == ERROR]
    if errors:
        terminalreporter.write_line(f"PyTorch: {len(errors)} expressions, largest relative error {max(errors):.1e}")
