"""Bibliographic data read off the PDF itself (`evitable.extract.metadata.read`)."""
