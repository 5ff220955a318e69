"""A newcomer's own pages."""

from flask import Blueprint

bp = Blueprint("newcomers", __name__)
