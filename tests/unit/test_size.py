"""Limits of the design: functions of 50 lines, modules of 500 (docs/decisions/0001)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pipeline" / "evitable"
MODULES = sorted(PACKAGE.rglob("*.py"))
BESIDE = sorted(path for folder in ("tests", "corpus/specimens") for path in (ROOT / folder).rglob("*.py"))
"""Modules beside the package, whose functions may be longer."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno + 1 <= 50, f"{node.name} in line {node.lineno}"


@pytest.mark.parametrize("path", BESIDE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_of_tests_and_specimens_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500
