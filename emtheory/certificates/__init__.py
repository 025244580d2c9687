"""Proofs that a trained network keeps a pattern for ever, or loses it at some step, and their checker."""
