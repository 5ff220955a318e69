"""Who may do what, passwords and secrets."""
