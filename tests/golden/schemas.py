"""The JSON Schemas of the documentation."""

import json
from collections.abc import Mapping
from typing import Any

from golden.pages import DOCS

FOLDER = DOCS / "reference" / "schemas"
#: By the name of the document; `shared` has what several documents have.
SCHEMAS: Mapping[str, Any] = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
}
