"""A soak with real processes: tests/soak/run."""
