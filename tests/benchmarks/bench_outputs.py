"""All outputs of a big review: `PYTHONPATH=tests python -m benchmarks.bench_outputs 5000 FOLDER`.

Makes a review of so many papers in FOLDER (the first page of the specimens, varied so that each file is another
paper), reads and codes them where that is not done yet, and then prints the seconds from coded papers to all published
outputs: once with nothing there, and once again with every highlighted copy in place.
"""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pikepdf

ROOT = Path(__file__).parents[2]
PAGES = 1


def write_variants(folder: Path, papers: int) -> None:
    """Write so many papers, each with other bytes; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    specimens = [_first_pages(path) for path in sorted((ROOT / "corpus").glob("*.pdf"))]
    for number, data in zip(range(papers), itertools.cycle(specimens)):
        path = folder / f"{number % 100:02d}" / f"paper-{number:05d}.pdf"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data + f"\n% variant {number}\n".encode())


def _first_pages(path: Path) -> bytes:
    with pikepdf.open(path) as pdf:
        del pdf.pages[PAGES:]
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
        return buffer.getvalue()


def evitable(*arguments: str) -> float:
    """Run a command, and give the seconds that it took."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "evitable", *arguments], check=True, cwd=ROOT / "pipeline")
    return time.perf_counter() - start


def main() -> int:
    """Measure."""
    papers, folder = int(sys.argv[1]), Path(sys.argv[2]).resolve()
    write_variants(folder / "corpus", papers)
    print(f"{evitable('run', str(folder), '--only', 'code'):.0f} s to read and code what was not done before")
    for outputs in folder.glob("outputs/[!.]*"):
        shutil.rmtree(outputs) if outputs.is_dir() else outputs.unlink()
    print(f"{evitable('run', str(folder), '--only', 'evidence'):.0f} s from coded papers to all outputs")
    print(f"{evitable('run', str(folder), '--only', 'evidence'):.0f} s with every highlighted copy in place")
    return 0


if __name__ == "__main__":
    sys.exit(main())
