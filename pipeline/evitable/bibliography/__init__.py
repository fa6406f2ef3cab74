"""Reference files read, and matched to the papers of the corpus."""

from evitable.bibliography.references import Matched, PaperFacts, ReadReferences, match_references, read_references

__all__ = ["Matched", "PaperFacts", "ReadReferences", "match_references", "read_references"]
