"""Builds the application from the environment; what makes no sense there ends it in one line."""

import sys

from app import create_app
from app.config import BadSetting

try:
    application = create_app()
except BadSetting as refusal:
    sys.exit(str(refusal))
