"""A GitHub that fits in one process: what its published API says, with state, git, webhooks and faults."""
