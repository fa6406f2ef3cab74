"""Reference files read, and matched to the papers of the corpus."""

from evitable.bibliography.fields import ReadReferences
from evitable.bibliography.matching import Matched, PaperFacts, match_references
from evitable.bibliography.references import read_references, without_repeats

__all__ = ["Matched", "PaperFacts", "ReadReferences", "match_references", "read_references", "without_repeats"]
