"""The model card: data, versions, figures by code, limits (after Mitchell and others 2019)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from evitable.classify.manifest import Manifest, read_manifest
from evitable.codebook import Codebook
from evitable.errors import UserError
from evitable.records import Record
from evitable.training.data import CodedPassage, code_counts, read_coded_passages
from evitable.training.data_figures import ALIKE, agreement, diversity
from evitable.training.evaluate import CrossValidation, SideFigures
from evitable.training.measures import Figures
from evitable.training.report import CONFUSIONS_SHOWN, interval, two

CARD = "model-card.md"
ABLATION = "ablation.json"
SECOND_CODING = "second-coding.jsonl"


class AblationRow(Record, frozen=True, kw_only=True):
    """One recipe that was tried, on registers that it had not seen.

    Attributes:
        recipe: What it rests on, in words.
        kept: Whether it is the shipped one, or part of it.
        note: Why it was kept or not; may be empty.
    """

    recipe: str
    macro_f1: float
    micro_f1: float
    mean_average_precision: float
    any_code_f1: float
    kept: bool = False
    note: str = ""


class Ablation(Record, frozen=True, kw_only=True):
    """`ablation.json`: which recipes were tried, and on how many passages."""

    passages: int
    rows: tuple[AblationRow, ...]


class Beside(Record, frozen=True, kw_only=True):
    """What the card shows and training does not give.

    Attributes:
        ablation: Recipes that were tried; None where none was measured.
        second: Passages as a second coder coded them, blind, by id.
    """

    ablation: Ablation | None = None
    second: dict[str, CodedPassage] = msgspec.field(default_factory=dict)

    @classmethod
    def read(cls, files: Mapping[str, str], codebook: Codebook) -> Beside:
        """Read what lies beside the training passages; missing files leave their part of the card out.

        Raises:
            UserError: A file is damaged.
        """
        second = {}
        if SECOND_CODING in files:
            coded = read_coded_passages({SECOND_CODING: files[SECOND_CODING]}, codebook)
            second = {passage.id: passage for passage in coded}
        if ABLATION not in files:
            return cls(second=second)
        try:
            return cls(ablation=msgspec.json.decode(files[ABLATION], type=Ablation), second=second)
        except msgspec.DecodeError as error:
            raise UserError(f"{ABLATION} is damaged: {error}.", "Delete it, or make it anew.") from error


def model_card(
    files: Mapping[str, bytes],
    passages: Sequence[CodedPassage],
    codebook: Codebook,
    result: CrossValidation,
    beside: Beside | None = None,
) -> str:
    """Write the card of a model.

    Args:
        files: The model folder's files.
        passages: What it was trained on.
        codebook: The codes that it gives.
        result: Its figures by cross-validation.
        beside: What else the card shows; None for nothing.

    Returns:
        Markdown; the same model gives the same text.
    """
    manifest = read_manifest(files, "the model")
    beside = beside or Beside()
    libraries = ", ".join(f"{name} {number}" for name, number in sorted(manifest.libraries.items()))
    parts = [
        f"# Model card: {codebook.title}",
        f"Model `{manifest.id}`, for codebook `{codebook.name}` version {codebook.version} "
        f"(`{manifest.codebook_version}`). Made by `evitable train`; {libraries}.",
        _WHAT,
        _HOW,
        _data(manifest, passages),
        *([_agreement(passages, beside.second, codebook)] if beside.second else []),
        _figures(result),
        _table(manifest, code_counts(passages, codebook), result),
        _sides(result),
        _reliability(result.register or result.model),
        _confusion(result.register or result.model),
        _curve(result),
        *([_ablation(beside.ablation)] if beside.ablation else []),
        _LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


_WHAT = """## What it does

It gives each passage a probability for each code of the codebook, says yes, no or unsure, and gives the words that carried the answer, the polarity of codes
that have one, and whether the passage rests on the study's own finding, a recommendation, or a mention of other work.
It is a co-coder whose answers people check, not a coder to rely on alone."""

_HOW = """## How it works

Per code, a logistic regression on TF-IDF of one- and two-word stems (names, numbers and citations masked), put together with two things that the codebook gives: its indicator phrases in the passage, and its
codes' words where they stand near those whom they are about (`train` near `volunteer`, or near `nurse`). Of both, rare ones say more than common ones (squared inverse document frequency). Only terms that several
writers use go in, and words of the field itself, such as co-production or service, never speak against a code.
Text, phrases and words have set voices: weights fitted to written passages trust the codebook too little on real papers. The sum is calibrated on
freely worded passages in registers that the text model has not seen, so that it is a probability for text unlike that of training; where passages were written for training, its log odds are moved
by a constant found on real passages (of reports, guides, interviews and abstracts, which are not part of the data), since real text says less in the words that writers of passages use. From 0.3 the
answer is yes; below it, down to the probability that would find nine of ten (but never under 0.1), it is unsure; below that, no. Polarity and basis are told by two more
linear models on the same terms and a few marks: polarity phrases, negations, hedges, citations, kind of section. Files are in skops' own format; no pickle."""

_LIMITS = """## Limits

- The passages were written for training: real papers are more varied. Measure it on passages of your own with `evitable evaluate --gold FILE.jsonl` before you lean on it.
- It reads English only, and one passage at a time: what a passage leaves to its neighbours is lost on it.
- Polarity and basis are told for a passage as a whole, not for each of its codes; "mixed" is found seldom."""


def _data(manifest: Manifest, passages: Sequence[CodedPassage]) -> str:
    ways = Counter(way for passage in passages for way in passage.polarity.values())
    bases = Counter(str(passage.basis) for passage in passages if passage.basis)
    varied = diversity(passages)
    wordings = Counter(str(passage.wording) for passage in passages)
    return f"""## Data

{len(passages)} passages from {len({p.source for p in passages})} imagined documents in {len({p.writer for p in passages})} hands and {len({p.register for p in passages})} registers (data digest `{manifest.data}`), written for this purpose in the voices of research papers; none is copied from a paper.
{sum(not p.codes for p in passages)} of them carry no code (hard negatives); {sum(len(p.codes) > 1 for p in passages)} carry more than one. Polarity: {_counts(ways)}. Basis: {_counts(bases)}.
Wording: {_counts(wordings)} (*free*: as the writer pleased; *plain*: without the codes' key words; *hard*: picked because an earlier model erred on them).

How alike they are, by every pair's share of common three-word sequences (Jaccard): {varied.alike} pairs reach {ALIKE:.2f}; the two most alike reach {varied.most_alike:.3f}; a passage and the one most like it share {varied.mean_nearest:.3f} on average.
Lexical diversity: {varied.words} words, {varied.types} different; moving-average type-token ratio over 500 words {varied.moving_ratio:.3f}; {varied.distinct_shingles:.1%} of all three-word sequences are different."""


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "not coded"


def _agreement(passages: Sequence[CodedPassage], second: Mapping[str, CodedPassage], codebook: Codebook) -> str:
    by_code, overall = agreement(passages, second, codebook)
    common = [passage for passage in passages if passage.id in second]
    same = sum(passage.codes == second[passage.id].codes for passage in common)
    ways = [
        (way, second[passage.id].polarity[code])
        for passage in common
        for code, way in passage.polarity.items()
        if code in second[passage.id].polarity
    ]
    bases = [(p.basis, second[p.id].basis) for p in common if p.basis and second[p.id].basis]
    lines = [
        f"""### A second, blind coding

{len(common)} passages, drawn at random, were coded again by a coder who saw neither the codes nor who had written them. Micro F1 between the two is {two(overall.f1)}, mean kappa {two(overall.kappa)};
{same} passages have exactly the same codes. {_share("Polarity", ways)} {_share("Basis", bases)} The model was trained on the first coding.""",
        "\n".join(
            [
                "| code | first coder | second coder | F1 | kappa |",
                "|---|---|---|---|---|",
                *(f"| {one.code} | {one.first} | {one.second} | {two(one.f1)} | {two(one.kappa)} |" for one in by_code),
            ]
        ),
    ]
    return "\n\n".join(lines)


def _share(title: str, pairs: Sequence[tuple[object, object]]) -> str:
    if not pairs:
        return ""
    return f"{title} is the same for {sum(a == b for a, b in pairs)} of {len(pairs)}."


def _figures(result: CrossValidation) -> str:
    rows = [
        _row("new writer", result.model),
        *([_row("new register", result.register)] if result.register else []),
        _row("model without phrases", result.text),
        _row("phrases alone", result.phrases),
    ]
    return "\n".join(
        [
            """## Figures

Cross-validation of the whole recipe on the training passages. *New writer*: each figure is from models that saw no passage of the same writer, and so of no document that they were tested on.
*New register*: from models that saw no passage in the same kind of writing; real papers are at least as new to the model as that. In brackets 95 % intervals by resampling documents.
Rules, model and both: *phrases alone* are the rules; *model without phrases* is measured on new registers, and so to be compared with *new register*, which has both.

| | macro F1 | micro F1 | mean average precision | carries any code, F1 | calibration error | Brier |
|---|---|---|---|---|---|---|""",
            *rows,
        ]
    )


def _row(name: str, figures: Figures) -> str:
    macro, micro, anything = (f" ({interval(ends)})" for ends in figures.intervals)
    cells = (
        f"{figures.macro_f1:.3f}{macro}",
        f"{figures.micro_f1:.3f}{micro}",
        f"{figures.mean_average_precision:.3f}",
        f"{figures.any_code_f1:.3f}{anything}",
        f"{figures.calibration_error:.3f}",
        f"{figures.brier:.3f}",
    )
    return f"| {name} | " + " | ".join(cells) + " |"


def _table(manifest: Manifest, counts: Mapping[str, int], result: CrossValidation) -> str:
    lines = [
        "On new registers, or where there are none, new writers:",
        "",
        "| code | passages | unsure from | yes from | precision | recall | F1 | 95 % | average precision | kappa | Brier | calibration error | F1, new writer | F1, phrases alone |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    shown = (result.register or result.model).codes
    for figure, writer, phrases in zip(shown, result.model.codes, result.phrases.codes, strict=True):
        stack = manifest.stack[figure.code]
        cells = (
            str(counts[figure.code]),
            f"{stack.unsure:.2f}",
            f"{stack.threshold:.2f}",
            *(two(value) for value in (figure.precision, figure.recall, figure.f1)),
            interval(figure.f1_interval),
            *(two(value) for value in (figure.average_precision, figure.kappa)),
            f"{figure.brier:.3f}",
            f"{figure.calibration_error:.3f}",
            *(two(value) for value in (writer.f1, phrases.f1)),
        )
        lines.append(f"| {figure.code} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _sides(result: CrossValidation) -> str:
    lines = ["### Polarity and basis", "", "| | coded | right | F1 by class |", "|---|---|---|---|"]
    return "\n".join([*lines, _side("polarity", result.polarity), _side("basis", result.basis)])


def _side(name: str, side: SideFigures | None) -> str:
    if side is None:
        return f"| {name} | not coded | - | - |"
    by_class = ", ".join(f"{one} {value:.2f}" for one, value in side.f1.items())
    return f"| {name} | {side.rows} | {side.accuracy:.2f} | {by_class} |"


def _reliability(figures: Figures) -> str:
    lines = [
        "### Reliability",
        "",
        "Answers (one a passage and code) by the probability that was said, and how many of them people coded so:",
        "",
        "| said | answers | mean probability | share coded so |",
        "|---|---|---|---|",
    ]
    return "\n".join(
        [
            *lines,
            *(
                f"| {one.low:.1f} to {one.high:.1f} | {one.answers} | {two(one.probability)} | {two(one.share)} |"
                for one in figures.reliability
            ),
        ]
    )


def _confusion(figures: Figures) -> str:
    lines = [
        "### Codes taken for one another",
        "",
        "| people's code, missed | given instead | passages |",
        "|---|---|---|",
    ]
    return "\n".join(
        [*lines, *(f"| {one.missed} | {one.given} | {one.passages} |" for one in figures.confusion[:CONFUSIONS_SHOWN])]
    )


def _curve(result: CrossValidation) -> str:
    lines = [
        "### Figures by number of training passages",
        "",
        "| passages | macro F1 | mean average precision |",
        "|---|---|---|",
    ]
    return "\n".join(
        [*lines, *(f"| {p.passages} | {p.macro_f1:.3f} | {p.mean_average_precision:.3f} |" for p in result.curve)]
    )


def _ablation(ablation: Ablation) -> str:
    lines = [
        "### What was tried",
        "",
        f"On registers not seen, with {ablation.passages} passages (`make ablation`). What brought less than it cost was left out.",
        "",
        "| recipe | macro F1 | micro F1 | mean average precision | any code, F1 | kept | note |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in ablation.rows:
        cells = (row.macro_f1, row.micro_f1, row.mean_average_precision, row.any_code_f1)
        kept = "yes" if row.kept else "no"
        lines.append(f"| {row.recipe} | " + " | ".join(f"{c:.3f}" for c in cells) + f" | {kept} | {row.note} |")
    return "\n".join(lines)
