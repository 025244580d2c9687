"""Findings → terminal, JSON, figures. A report shows what was decided and decides nothing."""
