"""All comparisons, in the order of the tables."""

from . import arrays, course_models, descents, graphs, lookups, processes, steps
from .contest import Row

ROWS: tuple[Row, ...] = tuple(
    row for family in (course_models, descents, arrays, steps, lookups, graphs, processes) for row in family.ROWS
)

#: Their groups, the words of `--only`.
GROUPS = tuple(dict.fromkeys(row.group for row in ROWS))

#: The bounds on whole groups.
TOGETHER = tuple(course_models.TOGETHER)


def found(group: str, name: str) -> Row:
    """The row of a name in its group."""
    return next(row for row in ROWS if (row.group, row.name) == (group, name))
