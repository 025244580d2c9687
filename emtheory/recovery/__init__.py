"""From weights and runs to memories: persistent subspace, memories, composition, and the nearest task."""
