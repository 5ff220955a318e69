"""`python -m matching bench`: the matcher and its peers side by side, each in a process of its own.

Nothing that assigns people imports this package, and a peer is only imported in the process that measures it.
"""
