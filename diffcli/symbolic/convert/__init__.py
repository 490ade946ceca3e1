"""A program's tree as an indexed expression, and its slope."""
