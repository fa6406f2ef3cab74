"""What the rules of extraction are tested with: both engines."""

import pytest

from evitable.extract.paper import extract_document


@pytest.fixture(params=["pdfminer", "pdfium"])
def engine(request):
    return request.param


@pytest.fixture
def read(engine):
    """Read a PDF: its blocks in reading order, each as its kind and its text."""

    def blocks(data):
        document = extract_document(data, "p1", engine=engine)
        return [(block.kind, document.text_of(block)) for block in document.blocks]

    return blocks
