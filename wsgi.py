"""Builds the application from the environment; nothing else."""

from app import create_app

application = create_app()
