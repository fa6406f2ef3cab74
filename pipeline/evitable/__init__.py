"""Evitable turns a folder of co-production papers into an evidence table whose cells lead to quotes."""

__version__ = "0.1.0"
