"""All outputs of a big review: `PYTHONPATH=tests python -m benchmarks.bench_outputs 5000 FOLDER`.

Makes a review of so many papers in FOLDER (the first page of the specimens, varied so that each file is another
paper), reads and codes them where that is not done yet, and then prints the seconds from coded papers to all published
outputs: once with nothing there, and once again with every highlighted copy in place.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.variants import write_variants

ROOT = Path(__file__).parents[2]


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
