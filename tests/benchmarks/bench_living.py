"""What a living review costs: `PYTHONPATH=tests python -m benchmarks.bench_living --papers 50 500 5000 --folder DIR`.

Every figure comes from commands as a person types them, each a process of its own: wall time, CPU time of all that it
starts, memory as seen from outside, and the run's own record. Each step is checked by that record, so that a step
which did something else than it is named for stops the measurement. The papers are variants of the specimens
(`variants`); with `--real FOLDER` other PDFs too, once, and as copies that differ by a comment.

Writes `living.json` beside this program and, from it, `docs/benchmarks.md` with its figure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.plot_living import write_page
from benchmarks.variants import ROOT, byte_variant, write_references, write_variants
from benchmarks.watched import Cost, evitable, watched
from evitable.classify.manifest import MANIFEST
from support.sockets import NetworkGuard

RESULTS = Path(__file__).with_name("living.json")
_CODEBOOK = ROOT / "pipeline" / "evitable" / "codebook" / "coproduction.toml"
_MODEL = ROOT / "models" / "coproduction"
_WARM = 3
_TASKS = 200
_WHOLE = 500
_QUICK = 50
_STAGES = ("extract", "segment", "classify", "check")


class UnexpectedError(Exception):
    """A step did something else than what was to be measured."""


class Session:
    """Measures one step after another, and keeps what it finds, on the disk too: a step may fail after half an hour.

    Args:
        folder: For the reviews; what it holds of earlier sessions is deleted.
        results: File for what is found.
        facts: What is to be kept of the session as a whole.
    """

    def __init__(self, folder: Path, results: Path, facts: dict[str, Any]) -> None:
        self.folder = folder
        self.steps: list[dict[str, Any]] = []
        self._results = results
        self._facts = facts
        self._start = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)

    def review(self, name: str, workers: int = 0) -> Path:
        """Make an empty review."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "corpus").mkdir(parents=True)
        (folder / "review.toml").write_text(f"workers = {workers}\n", encoding="utf-8")
        return folder

    def keep(self, step: str, papers: int, kind: str, cost: Cost, **facts: object) -> dict[str, Any]:
        """Keep and print one step."""
        found = {"step": step, "papers": papers, "kind": kind, **cost.figures(), **facts}
        self.steps.append(found)
        shown = f"{step:<16}{papers:>6} {kind:<12}{cost.wall:>8.1f} s {cost.cpu:>8.1f} CPU s {cost.main:>6.0f} MB"
        print(shown, flush=True)
        minutes = round((time.monotonic() - self._start) / 60)
        kept = msgspec.json.encode({**self._facts, "minutes": minutes, "steps": self.steps})
        self._results.write_bytes(msgspec.json.format(kept, indent=1) + b"\n")
        return found

    def run(self, step: str, folder: Path, papers: int, kind: str, **facts: object) -> dict[str, Any]:
        """Measure `evitable run`, and keep what its record says too."""
        cost = evitable("run", folder, log=self.folder / "log.txt")
        return self.keep(step, papers, kind, cost, **facts, record=record_of(folder))


def record_of(folder: Path) -> dict[str, Any]:
    """Give what a run's record says of its cost, and of what was done and what was there."""
    record = json.loads((folder / "outputs" / "run.json").read_bytes())
    costs = record["costs"]
    return {
        "number": record["number"],
        "passages": record["counts"]["passages"],
        "papers": record["counts"]["papers"],
        "phases": costs["phases"],
        "megabytes_main": costs["megabytes_main"],
        "made": {stage: costs["stages"][stage]["papers"] for stage in _STAGES},
        "cached": {stage: costs["stages"][stage]["cached"] for stage in _STAGES},
        "stages": {stage: costs["stages"][stage]["seconds"] for stage in _STAGES},
    }


def expect(step: dict[str, Any], number: int, made: Sequence[int]) -> None:
    """See that a step did what it is named for.

    Args:
        step: As kept.
        number: Of the run that is published now.
        made: Papers that each stage worked on.

    Raises:
        UnexpectedError: It did something else.
    """
    record = step["record"]
    if record["number"] != number or tuple(record["made"].values()) != tuple(made):
        raise UnexpectedError(f"{step['step']} at {step['papers']} papers: run {record['number']}, {record['made']}")


def living(session: Session, papers: int) -> None:
    """Measure what happens to a review of so many papers, one thing after another."""
    kind = "first pages"
    folder = session.review(f"first-{papers}")
    made = write_variants(folder / "corpus", papers)
    write_references(folder / "corpus" / "references.ris", made)
    expect(session.run("cold", folder, papers, kind), 1, [papers] * 4)
    for _ in range(_WARM):
        expect(session.run("warm", folder, papers, kind), 1, [papers] * 4)
    write_variants(folder / "corpus", 1, first=papers)
    expect(session.run("one added", folder, papers, kind), 2, [1] * 4)
    new_codebook(folder)
    expect(session.run("new codebook", folder, papers, kind), 3, [0, 0, papers + 1, papers + 1])
    new_model(folder)
    expect(session.run("new model", folder, papers, kind), 4, [0, 0, papers + 1, papers + 1])


def new_codebook(folder: Path) -> None:
    """Give a review a codebook of its own: the shipped one with one phrase more.

    The phrase is one of an attribute, so that the trained model still fits, and all passages go through it once more.
    """
    text = _CODEBOOK.read_text(encoding="utf-8")
    before, after = '"culture" = ["library", ', '"culture" = ["library", "reading room", '
    if text.count(before) != 1:
        raise UnexpectedError("The codebook has no such phrase any more; choose another one.")
    (folder / "codebook.toml").write_text(text.replace(before, after), encoding="utf-8")


def new_model(folder: Path) -> None:
    """Give a review a model of its own: the shipped one under another id.

    It answers the same; that it has to be asked again is what is measured. Training takes minutes of its own.
    """
    shutil.copytree(_MODEL, folder / "models" / _MODEL.name)
    path = folder / "models" / _MODEL.name / MANIFEST
    manifest = json.loads(path.read_bytes())
    path.write_text(json.dumps({**manifest, "id": "mbenchmarkofnewmodel"}), encoding="utf-8")


def whole(session: Session, papers: int) -> None:
    """Measure cold runs of whole specimens with two workers and with one, and the peer on the very same files."""
    for workers in (2, 1):
        folder = session.review(f"whole-{papers}-{workers}", workers)
        made = write_variants(folder / "corpus", papers, pages=None)
        write_references(folder / "corpus" / "references.ris", made)
        step = session.run("cold", folder, papers, "whole", workers=workers)
        expect(step, 1, [papers] * 4)
        shutil.rmtree(folder / "outputs")
    session.keep("extract_text", papers, "whole", module("stage_cpu", folder / "corpus", "--peer"))


def real(session: Session, source: Path, counts: Sequence[int]) -> None:
    """Measure the same with other PDFs: each once, and over again until there are so many, by another comment."""
    papers = [path.read_bytes() for path in sorted(source.rglob("*.pdf"))]
    for count in dict.fromkeys((len(papers), *counts)):
        for workers in (2, 1):
            folder = session.review(f"real-{count}-{workers}", workers)
            for number in range(count):
                data = byte_variant(papers[number % len(papers)], number)
                (folder / "corpus" / f"paper-{number:04d}.pdf").write_bytes(data)
            session.run("cold", folder, count, "real", workers=workers)
            shutil.rmtree(folder / "outputs")
        session.keep("extract_text", count, "real", module("stage_cpu", folder / "corpus", "--peer"))


def by_stage(session: Session, name: str, source: Path) -> None:
    """Measure CPU by stage on a folder of PDFs."""
    cost = module("stage_cpu", source)
    figures = json.loads(cost.out)
    session.keep("stages", figures.pop("papers"), name, cost, cpu_by_stage=figures)


def prefect(session: Session) -> None:
    """Measure Prefect alone: a flow without tasks in a new review and in one that has run, and one with many tasks.

    The first review on a machine makes a database; those after it copy an empty one.
    """
    home, caches = session.review("prefect") / "outputs" / ".prefect", session.folder / "caches"
    shutil.rmtree(caches, ignore_errors=True)
    first = module("prefect_part", home, "0", XDG_CACHE_HOME=str(caches))
    session.keep("prefect, first", 0, "no tasks", first)
    shutil.rmtree(home)
    session.keep("prefect, new", 0, "no tasks", module("prefect_part", home, "0"))
    for _ in range(_WARM):
        session.keep("prefect", 0, "no tasks", module("prefect_part", home, "0"))
    session.keep("prefect", 0, "tasks", module("prefect_part", home, str(_TASKS)), tasks=_TASKS)


def network(session: Session) -> None:
    """Count what a whole run tries to reach beyond this machine; each attempt is refused."""
    guard = NetworkGuard(session.folder / "guard")
    folder = session.review("guarded")
    write_variants(folder / "corpus", 2)
    cost = watched([sys.executable, "-m", "evitable", "run", folder], environment=guard.environment)
    session.keep("network", 2, "guarded", cost, attempts=guard.attempts, guarded=len(guard.guarded))


def module(name: str, *arguments: str | Path, **environment: str) -> Cost:
    """Run one of the programs beside this one, with some variables of the environment, and measure it."""
    paths = os.pathsep.join(part for part in (str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")) if part)
    return watched(
        [sys.executable, "-m", f"benchmarks.{name}", *arguments], environment={"PYTHONPATH": paths, **environment}
    )


def machine() -> dict[str, Any]:
    """Give what decides the figures, and nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": names[0].partition(":")[2].strip() if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def main() -> int:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, nargs="+", default=[50, 500, 5000], help="sizes of the review")
    parser.add_argument("--folder", type=Path, required=True, help="for the reviews (4 GB for 5,000 papers)")
    parser.add_argument("--real", type=Path, help="folder of other PDFs")
    parser.add_argument("--real-papers", type=int, default=500, help="how many papers are made of them")
    parser.add_argument("--quick", action="store_true", help="50 papers only")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    sizes = [_QUICK] if options.quick else sorted(options.papers)
    facts = {
        "machine": machine(),
        "load_before": round(os.getloadavg()[0], 1),
        "command": _command(options),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }
    session = Session(options.folder.resolve(), options.results, facts)
    prefect(session)
    network(session)
    by_stage(session, "specimens", ROOT / "corpus")
    if options.real:
        by_stage(session, "real", options.real)
        real(session, options.real, [] if options.quick else [options.real_papers])
    whole(session, min(_WHOLE, max(sizes)))
    for papers in sizes:
        living(session, papers)
    write_page(options.results, options.docs)
    return 0


def _command(options: argparse.Namespace) -> str:
    """Give the command as others can type it."""
    sizes = "--quick" if options.quick else "--papers " + " ".join(str(size) for size in options.papers)
    more = f" --real PDFS --real-papers {options.real_papers}" if options.real else ""
    return f"PYTHONPATH=tests python -m benchmarks.bench_living {sizes} --folder DIR{more}"


if __name__ == "__main__":
    sys.exit(main())
