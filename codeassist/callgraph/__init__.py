"""Facts -> CallGraph."""
