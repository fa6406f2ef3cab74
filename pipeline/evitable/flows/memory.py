"""Peak memory of this process, and of a part of what it does, as far as the system tells."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_RESET_PEAK = b"5"


def start_peak() -> None:
    """Have the peak be counted from now on, where the system can do so (Linux); else it stays that of all so far."""
    try:
        with _CLEAR.open("wb", buffering=0) as file:
            file.write(_RESET_PEAK)
    except OSError:  # another system, or a container that does not allow it
        return


def peak_megabytes() -> float:
    """Give the peak of resident memory since `start_peak`, or since the process began; 0 where nothing tells."""
    try:
        status = _STATUS.read_bytes()
    except OSError:
        return _peak_by_rusage()
    for line in status.splitlines():
        if line.startswith(b"VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    return _peak_by_rusage()


def _peak_by_rusage() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource  # noqa: PLC0415 - Windows has none

    units = 1024 * 1024 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / units, 1)
