"""What a run works with: settings, codebook, model, found from the review's folder."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import evitable
from evitable.classify.manifest import MANIFEST, check_encoder, phrase_model, read_manifest
from evitable.codebook import Codebook, default_codebook, read_codebook
from evitable.errors import UserError
from evitable.records import FIGURES, ModelFigures, ModelSummary, decode
from evitable.settings import Settings
from evitable.store import Workspace, read_bytes, read_text
from evitable.store.places import Place, cache_place

if TYPE_CHECKING:  # loaded when a classifier is: a run that finds all results in the cache needs none
    from evitable.classify.answers import Classifier


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that decides what the stages do, apart from the papers.

    Attributes:
        cache: Where results are kept.
        settings: In force.
        codebook: In force.
        model_dir: Folder of the model; None where the codebook's phrases code alone.
        model_id: Id of what codes.
        model_note: What it is, in one sentence for people.
        logs: Folder of this machine for what only a developer needs; None for the cache, where that is a folder.
    """

    cache: Place
    settings: Settings
    codebook: Codebook
    model_dir: Path | None
    model_id: str
    model_note: str
    logs: Path | None = None


def shipped_config(cache: Path = Path(), settings: Settings | None = None) -> RunConfig:
    """Give what holds without a review: default settings, the co-production codebook and its shipped model.

    Args:
        cache: Folder for results, where there will be any.
        settings: Other settings than the default ones.
    """
    codebook = default_codebook()
    model_dir = shipped_model(codebook.name)
    return RunConfig(cache, settings or Settings(), codebook, model_dir, *describe_model(model_dir, codebook))


def run_config(workspace: Workspace) -> RunConfig:
    """Find settings, codebook and model of a review.

    Raises:
        UserError: One of them cannot be used; names file, key and mend.
    """
    settings = workspace.settings()
    codebook = load_codebook(workspace.root, settings.codebook)
    model_dir = find_model(workspace.root, settings.model, codebook)
    manifest = (
        None if model_dir is None else read_manifest({MANIFEST: read_bytes(model_dir / MANIFEST)}, str(model_dir))
    )
    check_encoder(manifest, named=bool(settings.encoder), where=str(model_dir or "The codebook's phrases"))
    model_id, note = describe_model(model_dir, codebook)
    cache = cache_place(workspace, settings)
    return RunConfig(cache, settings, codebook, model_dir, model_id, note, logs=workspace.cache)


def load_codebook(root: Path, name: str) -> Codebook:
    """Give the codebook of that name below the review's folder, or the co-production codebook for an empty name.

    A file `codebook.toml` in the folder is used without being named.
    """
    if not name and not (root / "codebook.toml").exists():
        return default_codebook()
    path = root / (name or "codebook.toml")
    if not path.is_file():
        raise UserError(
            f'There is no codebook {name}, which "codebook" in review.toml names.',
            "Correct the name, or delete the line.",
        )
    return read_codebook(read_text(path), path.name)


def find_model(root: Path, name: str, codebook: Codebook) -> Path | None:
    """Give the model's folder: the one named, the review's own, or the shipped one; None where none fits."""
    if name:
        if not (root / name / MANIFEST).is_file():
            raise UserError(
                f'There is no model in {name}, which "model" in review.toml names.',
                "Train one with `evitable train`, or delete the line.",
            )
        return root / name
    for folder in (root / "models" / codebook.name, shipped_model(codebook.name)):
        if folder is not None and (folder / MANIFEST).is_file():
            manifest = read_manifest({MANIFEST: read_bytes(folder / MANIFEST)}, str(folder))
            if manifest.fingerprint == codebook.fingerprint:
                return folder
    return None


def shipped_model(name: str) -> Path | None:
    """Give the folder of the model that comes with the program, in the wheel or in the source tree."""
    package = Path(evitable.__file__).parent
    for folder in (package / "_models" / name, package.parents[1] / "models" / name):
        if (folder / MANIFEST).is_file():
            return folder
    return None


def model_here(folder: Path, codebook: Codebook, model_id: str) -> Path:
    """Find a model that another machine names: in the same folder here, or the shipped one, if that is it.

    Raises:
        UserError: It is not on this machine.
    """
    if (folder / MANIFEST).is_file():
        return folder
    shipped = shipped_model(codebook.name)
    if shipped is not None and describe_model(shipped, codebook)[0] == model_id:
        return shipped
    raise UserError(
        f"The model in {folder} is not on {platform.node()}.",
        "Put it there, or keep the review in a folder that all machines share.",
    )


def describe_model(folder: Path | None, codebook: Codebook) -> tuple[str, str]:
    """Give the id of what codes, and what it is in one sentence."""
    if folder is None:
        return phrase_model(codebook)
    manifest = read_manifest({MANIFEST: read_bytes(folder / MANIFEST)}, str(folder))
    written = " Its training passages were written for the purpose; none is from a paper."
    return manifest.id, manifest.note_for(codebook) + (written if folder == shipped_model(codebook.name) else "")


def classifier_of(config: RunConfig) -> Classifier:
    """Load what codes in a review: its model, with its encoder where it names one, or the codebook's phrases."""
    from evitable.classify.encoder import load_encoder  # noqa: PLC0415
    from evitable.classify.model import load_classifier  # noqa: PLC0415

    encoder = load_encoder(config.settings.encoder)
    return load_classifier(config.codebook, model_files(config.model_dir), str(config.model_dir), encoder)


def model_files(folder: Path | None) -> dict[str, bytes] | None:
    """Read a model folder's files; None for no model."""
    if folder is None:
        return None
    return {path.name: read_bytes(path) for path in sorted(folder.iterdir()) if path.suffix in {".json", ".skops"}}


def model_summary(config: RunConfig) -> ModelSummary:
    """Give the model in short, with its figures where they lie beside it."""
    if config.model_dir is None:
        return ModelSummary(id=config.model_id, note=config.model_note)
    files = model_files(config.model_dir) or {}
    manifest = read_manifest(files, str(config.model_dir))
    try:
        figures = decode(files.get(FIGURES, b""), ModelFigures)
    except msgspec.DecodeError:  # an older model; it has its card
        figures = ModelFigures(measured_on="", measures=())
    return ModelSummary(
        id=config.model_id,
        note=config.model_note,
        trained=True,
        passages=manifest.passages,
        measured_on=figures.measured_on,
        measures=figures.measures,
        libraries=manifest.libraries,
    )
