"""The facts of a document as a file that a machine reads: what the PDF says, in one fixed form."""

import json

from pydantic import BaseModel


def canonical(name: str, key: str, facts: BaseModel) -> bytes:
    """UTF-8 JSON with sorted keys and no space: the same facts are the same bytes.

    Amounts are strings of kronor ("2500000.00"), days and times ISO 8601.
    """
    said = {"document": name, "key": key, "facts": facts.model_dump(mode="json")}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
