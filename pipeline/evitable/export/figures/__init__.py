"""Figures of a review as SVG, PNG and PDF."""
