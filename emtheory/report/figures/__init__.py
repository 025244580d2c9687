"""Figures: spectra, survival, margins, travelling variables, and drawings of a report."""
