"""The child process that reads papers: one JSON line in per attempt, one out. It can be killed without loss.

Run as `python -m evitable.flows.worker`. The first line holds the job's frame, each further line a request.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import logging
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from evitable.codebook import Codebook
from evitable.errors import EvitableError, ItemError, UserError
from evitable.flows.attempts import Attempt
from evitable.flows.config import RunConfig, model_here
from evitable.flows.stages import PaperKeys, PaperOutcome, PaperStages, Stage, Timer
from evitable.records import Coding, Issue, Paper, Record
from evitable.settings import Settings
from evitable.store import write_bytes
from evitable.store.places import Place, address_of, open_address, read_from, reason

RUN_PID = "EVITABLE_RUN_PID"
"""The environment variable that tells a child process which process started it."""

log = logging.getLogger(__name__)
T = TypeVar("T")


class Frame(Record, frozen=True, kw_only=True):
    """What a worker needs besides the papers; a `RunConfig` that can be sent to another process, on any machine.

    Attributes:
        corpus: Folder or address of the papers.
        cache: Folder or address of the results.
        logs: Folder of the run's machine for what only a developer needs; empty for the cache.
        settings: In force.
        codebook: In force.
        model_dir: Folder of the model; empty where the codebook's phrases code alone.
        model_id: Id of what codes.
        model_note: What it is, in one sentence for people.
        last: Stage to which papers are taken.
        program: Stands for all versions that shape results.
    """

    corpus: str
    cache: str
    logs: str
    settings: Settings
    codebook: Codebook
    model_dir: str
    model_id: str
    model_note: str
    last: Stage
    program: str

    def config(self) -> RunConfig:
        """Give the run's configuration back.

        Raises:
            UserError: This machine has not what the run's machine has.
        """
        folder = model_here(Path(self.model_dir), self.codebook, self.model_id) if self.model_dir else None
        cache, logs = open_address(self.cache), Path(self.logs) if self.logs else None
        return RunConfig(cache, self.settings, self.codebook, folder, self.model_id, self.model_note, logs)


class Request(Record, frozen=True, kw_only=True, tag="read"):
    """One attempt at one paper: which one, and what became of the attempt before it."""

    paper: Paper
    attempt: Attempt = "first"
    before: Issue | None = None


class Highlight(Record, frozen=True, kw_only=True, tag="highlight"):
    """A highlighted copy that is wanted.

    Attributes:
        paper: Of which paper.
        keys: Cache keys of its text and passages.
        codings: Its codings.
        target: File to write.
    """

    paper: Paper
    keys: PaperKeys
    codings: tuple[Coding, ...]
    target: str


class Highlighted(Record, frozen=True, kw_only=True):
    """What became of a highlighted copy: nothing to tell, or what went wrong."""

    issue: Issue | None = None


def frame(config: RunConfig, corpus: Place, last: Stage) -> Frame:
    """Make a frame from a run's configuration."""
    return Frame(
        corpus=address_of(corpus, config.settings.corpus),
        cache=address_of(config.cache, config.settings.cache),
        logs=str(config.logs or ""),
        settings=config.settings,
        codebook=config.codebook,
        model_dir=str(config.model_dir) if config.model_dir else "",
        model_id=config.model_id,
        model_note=config.model_note,
        last=last,
        program=_program(config),
    )


def check_program(job: Frame, config: RunConfig) -> None:
    """See that results which are made here are those that the run's machine would make.

    Raises:
        UserError: The two machines have different versions.
    """
    if _program(config) != job.program:
        raise UserError(
            f"The worker on {platform.node()} has other versions of Evitable or its libraries than this machine.",
            "Install the same versions on all machines, from the same lock file.",
        )


def _program(config: RunConfig) -> str:
    return PaperStages(config).keys(Paper(id="", path="", sha256="")).check


def code_one(
    stages: PaperStages, corpus: Place, paper: Paper, attempt: Attempt = "first", before: Issue | None = None
) -> PaperOutcome:
    """Take one paper through the stages in one attempt; whatever goes wrong becomes an issue of that paper."""
    timer = Timer()
    done = _tried(paper, lambda: stages.run(paper, _read(corpus, paper), attempt, before, timer))
    if isinstance(done, PaperOutcome):
        return done
    outcome = PaperOutcome(
        path=paper.path,
        keys=stages.keys(paper, ocr=attempt == "ocr"),
        issue=done,
        seconds=dict(timer.seconds),
        megabytes=dict(timer.megabytes),
        cached=tuple(timer.cached),
    )
    return stages.with_notices(outcome)


def highlight_one(stages: PaperStages, corpus: Place, request: Highlight, codebook: Codebook) -> Highlighted:
    """Write the highlighted copy of one paper; whatever goes wrong becomes an issue of that paper."""
    from evitable.export.highlight import highlighted  # noqa: PLC0415 - loads a PDF library that coding needs not

    def work() -> Highlighted:
        data = _read(corpus, request.paper)
        passages = {passage.id: passage for passage in stages.passages(request.keys.segment)}
        document = stages.document(request.keys)
        try:
            made = highlighted(data, request.codings, passages, codebook, document=document)
        except Exception as error:
            error.add_note("export")
            raise
        write_bytes(Path(request.target), made)
        return Highlighted()

    done = _tried(request.paper, work)
    return done if isinstance(done, Highlighted) else Highlighted(issue=done)


def _tried(paper: Paper, work: Callable[[], T]) -> T | Issue:
    """Do one paper's work; give what went wrong as an issue of that paper."""
    try:
        return work()
    except UserError:
        raise
    except ItemError as error:
        return Issue(code=error.code, stage=_stage(error), paper=paper.path, message=error.message, hint=error.hint)
    except MemoryError as error:
        return Issue(
            code="out-of-memory",
            stage=_stage(error),
            paper=paper.path,
            message="The paper took more memory than a worker may have.",
            hint="Raise memory_limit in review.toml, or cut the paper out of the volume.",
        )
    except OSError as error:
        return Issue(
            code="file-unreadable",
            stage="scan",
            paper=paper.path,
            message=f"The file cannot be read ({reason(error)}).",
            hint="Check its permissions.",
        )
    except Exception as error:
        log.exception("%s failed", paper.path)
        return Issue(
            code="unexpected",
            stage=_stage(error),
            paper=paper.path,
            message=f"The paper could not be processed ({type(error).__name__}).",
            hint="Download it again; if it fails again, report it with the end of outputs/.cache/workers.log.",
        )


def _read(corpus: Place, paper: Paper) -> bytes:
    """Read a paper's bytes; results are kept under their hash, so that no other bytes may come in between."""
    data = read_from(corpus, paper.path)
    if hashlib.sha256(data).hexdigest() != paper.sha256:
        raise ItemError("file-changed", "The file changed while the run was under way.", "Run again.")
    return data


def _stage(error: BaseException) -> str:
    """Give the stage in which the error was raised, which the stages note on it."""
    return str(getattr(error, "__notes__", ["extract"])[0])


def main() -> int:
    """Read the frame, then papers until the input closes."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # a stray print of a library must not reach the pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends its workers itself
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    end_with_the_run()
    lines = iter(sys.stdin.buffer)
    try:
        job = msgspec.json.decode(next(lines), type=Frame)
        _limit_memory(job.settings.memory_limit)
        stages = _ready(job)
        answers.write(b'{"ready":true}\n')
        for line in lines:
            answer = _answer(msgspec.json.decode(line, type=Request | Highlight), stages, job)
            answers.write(msgspec.json.encode(answer) + b"\n")
    except EvitableError as error:
        hint = getattr(error, "hint", "")
        answers.write(msgspec.json.encode({"error": str(error), "hint": hint}) + b"\n")
        return 2
    except BrokenPipeError:
        return 0
    return 0


def _ready(job: Frame) -> PaperStages:
    """Load what the stages need; nothing of it is ever garbage, and is not looked through with each paper."""
    gc.disable()
    stages = PaperStages(job.config(), job.last)
    stages.warm_up()
    gc.freeze()
    gc.enable()
    return stages


def _answer(request: Request | Highlight, stages: PaperStages, job: Frame) -> PaperOutcome | Highlighted:
    corpus = open_address(job.corpus)
    if isinstance(request, Highlight):
        return highlight_one(stages, corpus, request, job.codebook)
    return code_one(stages, corpus, request.paper, request.attempt, request.before)


def end_with_the_run() -> None:
    """End this process and what it started when the run has gone, in whatever way: OCR may be at work for long."""
    run = int(os.environ.get(RUN_PID) or os.getppid())  # it may have gone before this process was up

    def watch() -> None:
        while os.getppid() == run:
            time.sleep(1)
        os.killpg(0, signal.SIGKILL)

    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        threading.Thread(target=watch, daemon=True).start()


def _limit_memory(megabytes: int) -> None:
    if not megabytes:
        return
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024, resource.RLIM_INFINITY))


if __name__ == "__main__":
    sys.exit(main())
