"""The layout: from characters to lines, blocks with kinds, and running text; the same for all engines."""
