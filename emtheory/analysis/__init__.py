"""What a trained network remembers, against what its task predicts, and the published table."""
