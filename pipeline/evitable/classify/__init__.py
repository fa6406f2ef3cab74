"""Stage 3: passages to predictions.

The stage's function is `evitable.classify.paper.classify_paper`. It is not imported here, so that what a saved model
says of itself (`evitable.classify.manifest`) can be read without loading spaCy and scikit-learn.
"""

CLASSIFY_VERSION = 5
"""Raised by hand whenever the output of this stage changes without a new model."""
