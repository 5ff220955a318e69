"""Use-cases: each takes who acts and plain values, and is one transaction."""
