"""Coded passages with the answers of a model that had not seen them, for simulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evitable.classify.answers import Classifier
from evitable.codebook import Codebook
from evitable.training.data import CodedPassage
from evitable.training.features import features, read_passages
from evitable.training.fit import topic_stems, trainable, unseen_probabilities
from evitable.training.simulate import Pool


def unseen_pool(passages: Sequence[CodedPassage], codebook: Codebook, unsure: Mapping[str, float]) -> Pool:
    """Cross-validate: each passage is answered by a model that saw none of its register, or else of its writer.

    Args:
        passages: Coded in full.
        codebook: Codes with too few passages to be trained are left out.
        unsure: By code the probability below which a reviewer is not shown it; 0.1 where it is not named.
    """
    names = trainable(passages, codebook)
    known = features(passages, read_passages(passages, codebook), names)
    registers = [passage.register for passage in passages]
    keys = registers if len(set(registers)) > 1 else [passage.writer for passage in passages]
    values, given = unseen_probabilities(known, names, keys, topic_stems(codebook))
    shown = values >= np.array([unsure.get(name, 0.1) for name in names])
    return Pool(names, known.truth, np.where(shown, values, 0.0), given, [passage.source for passage in passages])


def answered_pool(passages: Sequence[CodedPassage], classifier: Classifier) -> Pool:
    """Ask a model that has not seen the passages.

    Args:
        passages: Coded in full; at least one.
        classifier: The model.
    """
    names = [code.name for code in classifier.codebook.code]
    answers = classifier.code_texts([passage.text for passage in passages])
    values = [[answer.probabilities[name] if name in answer.words else 0.0 for name in names] for answer in answers]
    given = [[name in answer.codes for name in names] for answer in answers]
    truth = [[name in passage.codes for name in names] for passage in passages]
    return Pool(names, np.array(truth), np.array(values), np.array(given), [passage.source for passage in passages])
