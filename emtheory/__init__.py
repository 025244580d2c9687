"""emtheory: verify the Episodic Memory Theory of recurrent neural networks, with proofs."""

__version__ = "0.1.0"
