"""The one door into the matcher."""


def carry_out(run_id: int) -> None:
    """Carry out a queued run."""
