"""Thousands of damaged PDFs, each of which must give its text or one plain issue: `make fuzz`.

    python -m tests.hostile.fuzz --mutations 2000 --seed 1
    python -m tests.hostile.fuzz --seed 1 --only 137 --write FOLDER

The second line makes one of them again, reads it alone, and writes it into a folder. Exits with 1 where anything is
wrong. `mutations` says what is damaged and how, `judge` what is due.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests/, where the parts of this program are

from evitable.flows.stages import PaperOutcome
from hostile.judge import BUGS, faults, letters_by_page
from hostile.mutations import Mutant, mutant, seeds
from support.pdf_bytes import PHRASE, good
from support.reader import Reader

LATE = 10
"""Seconds over the time limits of both engines from which a paper was not given up in time."""
GIVEN_UP = {"timed-out", "out-of-memory"}
"""Codes of issues that are in order, but whose mutants are worth a look."""
_AGAIN = 25
"""Mutants after which a good paper is read again."""


class Found(NamedTuple):
    """What came of one mutant: its name in the table (read whole, or an issue's code), and what was wrong with it."""

    mutant: Mutant
    result: str
    faults: list[str]
    seconds: float


class Fuzz:
    """Readers that share the mutants of a series between them; use as a context manager."""

    def __init__(
        self, root: Path, *, workers: int = 2, time_limit: int = 20, memory: int = 1500, engine: str = "pdfminer"
    ) -> None:
        self._limit = time_limit
        settings = f'extractor = "{engine}"\ntime_limit = {time_limit}\nmemory_limit = {memory}\n'
        self._idle: SimpleQueue[Reader] = SimpleQueue()
        self._readers = []
        for number in range(workers):
            folder = root / str(number)
            folder.mkdir()
            self._readers.append(Reader(folder, settings))
        self._sound: dict[str, dict[int, int]] = {}

    def __enter__(self) -> Fuzz:
        reader = self._readers[0]
        for name, data in seeds().items():
            outcome = reader.read(f"{name}.pdf", data)
            self._sound[name] = {} if outcome.issue else letters_by_page(reader.document(outcome))
        for reader in self._readers:
            self._idle.put(reader)
        return self

    def __exit__(self, *raised: object) -> None:
        for reader in self._readers:
            reader.guard.__exit__(None, None, None)

    def run(self, series: int, indices: Sequence[int]) -> Iterator[Found]:
        """Read the mutants of a series, several at a time; they come back in order."""
        with ThreadPoolExecutor(len(self._readers)) as pool:
            yield from pool.map(lambda index: self._one(mutant(series, index)), indices)

    def _one(self, made: Mutant) -> Found:
        reader = self._idle.get()
        try:
            return self._read(reader, made)
        finally:
            self._idle.put(reader)

    def _read(self, reader: Reader, made: Mutant) -> Found:
        name = f"{made.index}.pdf"
        start = time.perf_counter()
        try:
            outcome = reader.read(name, made.data)
            seconds = time.perf_counter() - start
            wrong = faults(reader, made, outcome, self._sound[made.seed])
            result = ", ".join([outcome.issue.code] if outcome.issue else ["read", *codes(outcome)])
        except Exception as error:  # noqa: BLE001 - whatever comes out of the guard is what is looked for
            seconds = time.perf_counter() - start
            wrong, result = [f"came out of the guard: {type(error).__name__}: {error}"], "exception"
        if seconds > 2 * self._limit + LATE:  # two engines may have their time
            wrong.append(f"took {seconds:.0f} seconds")
        if result in BUGS:
            wrong += filter(None, [last_words(reader.log, name)])
        if wrong or made.index % _AGAIN == 0:
            wrong += self._reads_on(reader, made)
        return Found(made, result, wrong, seconds)

    def _reads_on(self, reader: Reader, made: Mutant) -> list[str]:
        try:
            outcome = reader.read("good.pdf", good(pages=1, note=f"after {made.index}"))
            read = outcome.issue is None and PHRASE in reader.text(outcome)
        except Exception as error:  # noqa: BLE001 - as above
            return [f"then a good paper came out of the guard: {type(error).__name__}: {error}"]
        return [] if read else ["then a good paper was not read"]


def codes(outcome: PaperOutcome) -> list[str]:
    return sorted({notice.code for notice in outcome.notices})


def last_words(log: Path, name: str) -> str:
    """Give what a worker wrote of a paper: the error, and where in our code it was."""
    text = log.read_text(encoding="utf-8", errors="replace")
    part = text[text.rfind(f"{name} failed") :].splitlines() if f"{name} failed" in text else text.splitlines()[-3:]
    ours = [match for line in part if (match := re.search(r'evitable/(\S+)", line (\d+), in (\w+)', line))]
    end = next(
        (line for line in part if re.match(r"\w[\w.]*(Error|Exception|Interrupt)\b", line)), " / ".join(part[-3:])
    )
    return end + (f" ({ours[-1][1]}, line {ours[-1][2]}, {ours[-1][3]})" if ours else "")


def table(found: Sequence[Found]) -> Table:
    """Put together how many mutants came to what, and how many of these are wrong."""
    counts, wrong = Counter(f.result for f in found), Counter(f.result for f in found if f.faults)
    shown = Table("came to", "mutants", "of these wrong", title=f"{len(found)} mutants")
    for result, count in counts.most_common():
        shown.add_row(result, str(count), str(wrong[result] or ""))
    return shown


def report(found: Sequence[Found], series: int, console: Console, most: int = 40) -> None:
    """Print the table, and the first faults with how to make one again."""
    console.print(table(found))
    slow = [str(f.mutant.index) for f in found if f.result in GIVEN_UP]
    if slow:
        console.print(f"Given up (in order, but worth a look): {', '.join(slow)}")
    bad = [f for f in found if f.faults]
    for f in bad[:most]:
        how = f"{f.mutant.index} ({f.mutant.seed}: {', '.join(f.mutant.steps)})"
        console.print(f"{how}: {'; '.join(f.faults)}", markup=False, soft_wrap=True)
    if bad:
        left = f" ({len(bad) - most} more are not shown)" if len(bad) > most else ""
        again = f"python -m tests.hostile.fuzz --seed {series} --only {bad[0].mutant.index} --write FOLDER"
        console.print(f"{len(bad)} mutants went wrong{left}. To make one again: {again}", markup=False, soft_wrap=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Read PDFs damaged by chance, and report what goes wrong.")
    parser.add_argument("--mutations", type=int, default=500, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="number of the series")
    parser.add_argument("--only", type=int, help="the one with this index")
    parser.add_argument("--write", type=Path, help="folder for those that went wrong (with --only: for that one)")
    parser.add_argument("--engine", default="pdfminer", help="pdfminer or pdfium")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time-limit", type=int, default=20, help="seconds for each")
    parser.add_argument("--memory", type=int, default=1500, help="megabytes of a worker")
    options = parser.parse_args(arguments)
    console, screen = Console(), Console(stderr=True)
    indices = range(options.mutations) if options.only is None else [options.only]
    with (
        tempfile.TemporaryDirectory() as folder,
        Fuzz(
            Path(folder),
            workers=min(options.workers, len(indices)),
            time_limit=options.time_limit,
            memory=options.memory,
            engine=options.engine,
        ) as fuzz,
    ):
        made = fuzz.run(options.seed, indices)
        found = list(track(made, "Reading", len(indices), console=screen, disable=not screen.is_terminal))
    report(found, options.seed, console)
    if options.write is not None:
        write(options.write, [f.mutant for f in found if f.faults or options.only is not None])
    return int(any(f.faults for f in found))


def write(folder: Path, mutants: Sequence[Mutant]) -> None:
    """Write mutants into a folder, each under its index and the name of the sound PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    for made in mutants:
        (folder / f"{made.index}-{made.seed}.pdf").write_bytes(made.data)


if __name__ == "__main__":
    sys.exit(main())
