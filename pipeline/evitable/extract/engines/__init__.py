"""The engines: from the bytes of a PDF to the characters of its pages."""
