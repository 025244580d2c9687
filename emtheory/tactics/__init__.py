"""Tactics: searches for proofs that the kernel replays. Nothing here is trusted."""
