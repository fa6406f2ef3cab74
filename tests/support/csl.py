"""CSL-JSON records for tests."""

from __future__ import annotations

import json

from evitable.bibliography import ReadReferences, read_references

FILE = "references.json"


def read_csl(content: object) -> ReadReferences:
    data = (
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    return read_references(data, FILE)
