"""The objects of the theory, framework-free: tasks, memories, circuits, networks, spectra."""
