"""Read-only selections for pages, each limited to what its viewer may see."""
