"""The long forms of the bars of reliability and security, which `make soak` runs; their quick forms are ordinary tests."""
