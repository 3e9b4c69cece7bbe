"""JSON that every reader takes and no build agent acts upon."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_LONE: Final = re.compile(
    r"((?:\\\\)+|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|(\\ud[89a-f][0-9a-f]{2})"
)


def dump(data: Any) -> str:
    """Data as indented JSON in ASCII.

    Half a character, which file names and texts can hold and no reader of JSON but Python's
    takes, is written as the text of its escape. The openings of logging commands of Azure
    Pipelines and GitHub stand there escaped, and are the same to a reader of JSON.
    """
    text = json.dumps(data, indent=2, ensure_ascii=True)
    if "\\ud" in text:
        text = _LONE.sub(lambda m: m.group(1) or "\\" + m.group(2), text)
    return re.sub(r"##(?=(?:[vV][sS][oO])?\[)", r"#\\u0023", text)
