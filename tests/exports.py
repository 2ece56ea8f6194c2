"""Telegram exports for the tests, in the layout of Telegram Desktop; words and numbers made up."""

import json
from datetime import UTC, datetime

BULLETIN = (
    "Минувшей ночью силами ПВО сбиты 5 БПЛА: 3 – над Тульской областью, 2 – над Орловской областью."
)
MINISTRY = "Минобороны России"


def seconds(moment):
    """A moment in UTC as the export writes it."""
    return str(int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()))


def message(number, text=BULLETIN, posted="2025-05-04T04:05:00", edited=None, **fields):
    """One message; the local time beside the seconds is that of a computer somewhere else."""
    parts = text if isinstance(text, list) else [text] if text else []
    made = {
        "id": number,
        "type": "message",
        "date": "2001-01-01T01:01:01",
        "date_unixtime": seconds(posted),
        "from": "somebody",
        "text": text,
        "text_entities": [
            part if isinstance(part, dict) else {"type": "plain", "text": part} for part in parts
        ],
    }
    if edited:
        made |= {"edited": "2001-01-01T01:01:01", "edited_unixtime": seconds(edited)}
    return made | fields


def without(made, *fields):
    """A message that lacks fields."""
    return {name: value for name, value in made.items() if name not in fields}


def chat(*messages, name=MINISTRY, kind="public_channel", number=1001):
    """One chat, as it stands alone in a file."""
    return {"name": name, "type": kind, "id": number, "messages": list(messages)}


def account(*chats, left=()):
    """A whole account: personal data, and its chats."""
    return {
        "about": "everything",
        "personal_information": {"first_name": "Private", "phone_number": "+0 private"},
        "contacts": {"about": "", "list": [{"first_name": "Private"}, {"first_name": "Private"}]},
        "frequent_contacts": {"about": "", "list": []},
        "sessions": [1, [2, {"ip": "private"}]],
        "chats": {"about": "private", "list": list(chats)},
        "left_chats": {"about": "private", "list": list(left)},
    }


def write(path, exported):
    """Write an export; text is written as it stands."""
    text = (
        exported
        if isinstance(exported, str)
        else json.dumps(exported, ensure_ascii=False, indent=1)
    )
    path.write_text(text, encoding="utf-8")
    return path
