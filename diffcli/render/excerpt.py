"""Long text made short."""


def one_line(expression: str, full: bool) -> str:
    """The program on one line without its comments, shortened in the middle if it is long."""
    lines = (line.partition("#")[0].strip() for line in expression.splitlines())
    text = "; ".join(line for line in lines if line)
    return text if full or len(text) <= 200 else f"{text[:90]} ... {len(text) - 180:,} more characters ... {text[-90:]}"
