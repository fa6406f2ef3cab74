"""Scanned papers: OCRmyPDF, a program that is installed beside Evitable, puts text under pages that have none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from evitable.errors import ItemError

_PROGRAMS = {"ocrmypdf": "ocrmypdf", "tesseract": "tesseract-ocr"}
"""Programs, and Debian's packages of them."""
_KEPT = ("PATH", "TESSDATA_PREFIX", "SYSTEMROOT")
"""What the programs may know of this machine."""
_ASKING = 60
"""Seconds that a program may take to say its version or languages."""
_LOG = "The end of outputs/.cache/workers.log says why."


def missing_packages(language: str) -> tuple[str, ...]:
    """Give the Debian packages that OCR lacks on this machine; none where all is there.

    Args:
        language: Languages as Tesseract names them, joined by `+`.
    """
    programs = tuple(package for program, package in _PROGRAMS.items() if shutil.which(program) is None)
    known = _said("tesseract", "--list-langs").split()
    return programs + tuple(
        f"tesseract-ocr-{name.lower().replace('_', '-')}" for name in language.split("+") if name not in known
    )


def how_to_install(packages: tuple[str, ...]) -> str:
    """Say what is to be installed, as one sentence."""
    return f"Install {' '.join(packages)} (Debian, Ubuntu: apt install {' '.join(packages)}), and run again."


@cache
def ocr_name(language: str) -> str:
    """Name the programs with their versions and the languages: what decides the text."""
    programs = (("OCRmyPDF", "ocrmypdf"), ("Tesseract", "tesseract"))
    versions = [f"{name} {_version(_said(program, '--version'))}" for name, program in programs]
    return f"{', '.join(versions)}, {language}"


def ocr_state(language: str) -> str:
    """Say whether OCR is possible on this machine: the programs, or what is to be installed."""
    packages = missing_packages(language)
    return how_to_install(packages) if packages else ocr_name(language)


def add_text(data: bytes, language: str, seconds: int) -> bytes:
    """Put text under the pages that have none; pages with text stay as they are.

    Args:
        data: Bytes of the PDF.
        language: Languages as Tesseract names them, joined by `+`.
        seconds: Time for one page, from which it would be left without text; as long as the whole paper has, so that
            the text does not depend on how busy the machine is.

    Returns:
        Bytes of a PDF with the same pages.

    Raises:
        ItemError: OCRmyPDF is not installed, or failed.
    """
    packages = missing_packages(language)
    if packages:
        message = f"OCR is switched on, but {' and '.join(packages)} cannot be found."
        raise ItemError("pdf-scanned", message, how_to_install(packages))
    with tempfile.TemporaryDirectory(prefix="evitable-ocr-") as folder:
        source, result = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(data)
        command = [
            *(_found("ocrmypdf"), "--skip-text", "--output-type", "pdf", "--optimize", "0", "--jobs", "1"),
            *("--language", language, "--tesseract-timeout", str(seconds), "--quiet", source.name, result.name),
        ]
        _run(command, folder)
        if not result.is_file():
            raise _failed("OCRmyPDF gave no PDF back.")
        return result.read_bytes()


def _run(command: list[str], folder: str) -> None:
    """Run OCRmyPDF in a folder; what it says goes to the log."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    except OSError as error:
        raise _failed(f"OCRmyPDF could not be started ({error.strerror}).") from error
    if done.returncode:
        raise _failed(f"OCRmyPDF failed on it (exit {done.returncode}).")


def _failed(message: str) -> ItemError:
    return ItemError("pdf-scanned", message, _LOG)


def _environment(folder: str) -> dict[str, str]:
    """Give the little that the programs need; with one thread, Tesseract gives the same text each time."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}


def _found(program: str) -> str:
    return shutil.which(program) or program


def _said(program: str, option: str) -> str:
    """Give what a program says of itself; nothing where it is not there."""
    if shutil.which(program) is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [_found(program), option],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASKING,
            env=_environment(tempfile.gettempdir()),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def _version(said: str) -> str:
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "of unknown version"
