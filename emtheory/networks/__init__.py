"""Networks, framework-free: what they are, how they are read, built, trained, and where they rest."""
