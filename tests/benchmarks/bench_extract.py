"""Extraction against a folder of PDFs with their publishers' XML: `make bench-extract FOLDER=...`.

Each engine reads all PDFs in a process of its own, in turns, so that all see the same noise of the machine; the least
of the rounds counts. `--each` adds a row for each paper.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.engines import OURS, PEERS
from benchmarks.jats import Article, read_article
from benchmarks.measures import Extracted, measure

TESTS = Path(__file__).parents[1]
_COLUMNS = (
    "engine",
    "squashed",
    "word for word",
    "order",
    "not body",
    "joined",
    "split",
    "headings",
    "ms a page",
    "to extract_text",
    "MB",
)


def run(engine: str, folder: Path) -> dict[str, Any]:
    """Have one engine read the folder in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent / "pipeline"), str(TESTS)))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.engines", engine, str(folder.resolve())],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def measured(articles: dict[str, Article], papers: dict[str, Any]) -> dict[str, Counter[str]]:
    """Measure an engine's texts, by paper."""
    return {
        name: measure(
            article,
            Extracted(papers[name]["text"], tuple(papers[name]["headings"]) if "headings" in papers[name] else None),
        )
        for name, article in articles.items()
    }


def figures(counts: Counter[str]) -> dict[str, str]:
    """Give an engine's figures as they are printed."""

    def share(part: str, whole: str) -> str:
        return f"{100 * counts[part] / counts[whole]:.1f} %" if counts[whole] else "-"

    outside = counts["letters"] - counts["letters_body"]
    return {
        "squashed": share("squashed", "sentences"),
        "word for word": share("word_for_word", "sentences"),
        "order": share("ordered", "ordered_of"),
        "not body": f"{100 * outside / max(1, counts['letters']):.1f} %",
        "joined": f"{1000 * counts['joined'] / max(1, counts['words']):.2f}",
        "split": f"{1000 * counts['split'] / max(1, counts['words']):.2f}",
        "headings": share("headings_found", "headings"),
    }


def noise(counts: Counter[str]) -> str:
    """Say where the text comes from that is not body."""
    parts = sorted((key.removeprefix("letters_"), n) for key, n in counts.items() if key.startswith("letters_"))
    return ", ".join(f"{key} {100 * n / max(1, counts['letters']):.2f} %" for key, n in parts if key != "body")


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of NAME.pdf with NAME.xml (JATS) beside it")
    parser.add_argument("--each", action="store_true", help="a row for each paper too")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of timing; the least counts")
    parser.add_argument("--engines", nargs="*", default=[*OURS, *PEERS], help="which engines")
    options = parser.parse_args()
    articles = {path.stem: read_article(path) for path in sorted(options.folder.glob("*.xml"))}
    results: dict[str, list[dict[str, Any]]] = {engine: [] for engine in options.engines}
    for _ in range(options.rounds):
        for engine in options.engines:
            results[engine].append(run(engine, options.folder))
    report(articles, results, each=options.each)
    return 0


def report(articles: dict[str, Article], results: dict[str, list[dict[str, Any]]], *, each: bool) -> None:
    """Print the table, and where the noise of our own engines comes from."""
    console = Console(width=150)
    table = Table(*_COLUMNS, title=f"{len(articles)} articles, {_sentences(articles)} sentences of their XML bodies")
    peer = min((r["cpu"] for r in results.get("pdfminer extract_text", [])), default=0.0)
    pages = sum(p["pages"] for e in OURS if results.get(e) for p in results[e][0]["papers"].values()) or 1
    pages //= max(1, sum(bool(results.get(engine)) for engine in OURS))
    for engine, rounds in results.items():
        counts = measured(articles, rounds[0]["papers"])
        total = sum(counts.values(), Counter[str]())
        cpu, memory = min(r["cpu"] for r in rounds), max(r["memory"] for r in rounds)
        row = {**figures(total), "ms a page": f"{1000 * cpu / pages:.1f}", "MB": f"{memory:.0f}"}
        row["to extract_text"] = f"{cpu / peer:.2f}" if peer else "-"
        table.add_row(engine, *(row[column] for column in _COLUMNS[1:]))
        if engine in OURS:
            console.print(f"{engine}: what is not body: {noise(total)}")
        if each:
            for name, count in counts.items():
                table.add_row(f"  {name}", *(figures(count).get(column, "") for column in _COLUMNS[1:]))
    console.print(table)
    console.print("joined and split: word boundaries missing or too many per 1,000 words of the sentences found.")


def _sentences(articles: dict[str, Article]) -> int:
    return sum(len(article.sentences) for article in articles.values())


if __name__ == "__main__":
    sys.exit(main())
