"""HTTP and nothing else: each module is a blueprint of one noun."""
