"""Steps through the screens of hours that several tests take."""

import re

from app.db import session
from app.models import HourEntry, Message

LANGS = ("x-pseudo", "nl", "ar")
TOLD = {"day": "yesterday", "at": "10:00", "minutes": "120", "dutch": "yes"}


def tell(client, offer, lang="nl", status=200, **changes):
    page = client.get(f"/{lang}/hours/tell/{offer.id}")
    return client.submit(page, status=status, **{**TOLD, **changes})


def only_entry():
    session().expire_all()
    return session().query(HourEntry).one()


def link_in_mail(kind="confirm-hours"):
    message = session().query(Message).filter_by(kind=kind).order_by(Message.id.desc()).first()
    return re.search(r"http://localhost(/\S+)", message.text)[1]
