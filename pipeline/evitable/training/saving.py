"""Models saved so that the same model gives the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import skops.io as sio

_EPOCH = (1980, 1, 1, 0, 0, 0)


def skops_bytes(estimator: Any) -> bytes:
    """Save an estimator in skops' format (no pickle), with what depends on the moment taken out.

    skops names objects by their place in memory and dates its ZIP entries; here objects are numbered as they come and
    all dates are the same, so that equal estimators give equal bytes. Loading is skops' own.
    """
    with zipfile.ZipFile(io.BytesIO(sio.dumps(estimator))) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(contents.pop("schema.json"))
    numbers: dict[Any, int] = {}
    files: dict[str, str] = {}
    _renumber(schema, numbers, files)
    schema["_skops_version"] = schema.get("_skops_version", "")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for old in sorted(contents, key=lambda name: files[name]):
            _write(archive, files[old], contents[old])
        _write(archive, "schema.json", json.dumps(schema, indent=None, separators=(",", ":")).encode())
    return buffer.getvalue()


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def _renumber(node: Any, numbers: dict[Any, int], files: dict[str, str]) -> None:
    """Number object ids and file names in the order in which the schema names them."""
    if isinstance(node, dict):
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(node["__id__"], len(numbers))
        if isinstance(node.get("file"), str):
            suffix = node["file"].rpartition(".")[2]
            node["file"] = files.setdefault(node["file"], f"{len(files)}.{suffix}")
        for value in node.values():
            _renumber(value, numbers, files)
    elif isinstance(node, list):
        for value in node:
            _renumber(value, numbers, files)
