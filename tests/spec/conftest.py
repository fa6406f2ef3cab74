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


@pytest.fixture
def besides(read):
    """Read a PDF: what it holds besides these paragraphs, all of which must come out whole and in order."""

    def blocks(data, paragraphs):
        found = read(data)
        assert [said for kind, said in found if said in paragraphs and kind == "body"] == list(paragraphs)
        return [block for block in found if block[1] not in paragraphs]

    return blocks
