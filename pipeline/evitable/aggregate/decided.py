"""What a reviewer is told of decisions that do not fit the texts or the codebook of now."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evitable.records import Issue, Resolved


def decision_issues(path: str, decided: Sequence[Resolved], codes: Collection[str]) -> list[Issue]:
    """Count a paper's decisions that fit no more; they are kept as they are, and count in no table.

    Args:
        path: The paper's path.
        decided: What people's decisions on it come to.
        codes: Names of the codes of the codebook in force.

    Returns:
        At most one issue for each kind of misfit.
    """
    lost = sum(one.status == "orphaned" for one in decided)
    unknown = sorted({one.code for one in decided if one.code not in codes})
    found = []
    if lost:
        message = f"{lost} codings that people decided on stand in text that is not found in the paper any more."
        hint = "`evitable decisions list --orphans` shows them beside the nearest text; decide there anew."
        found.append(Issue(code="decision-orphaned", stage="aggregate", paper=path, message=message, hint=hint))
    if unknown:
        message = f"People decided on codes that the codebook does not have: {', '.join(unknown)}."
        hint = "The decisions are kept. Add the codes to the codebook again, or code the passages by its new ones."
        found.append(Issue(code="decision-code-unknown", stage="aggregate", paper=path, message=message, hint=hint))
    return found
