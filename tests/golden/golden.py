"""Comparing what a command prints with a file that holds it."""

import os
from pathlib import Path

HERE = Path(__file__).parent

#: Set to write the files anew from what is printed now; then read the difference before committing it.
UPDATE = "DIFFCLI_UPDATE_GOLDEN"


def assert_golden(path: Path, text: str) -> None:
    """`text` is the content of the file at `path`."""
    if os.environ.get(UPDATE):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
