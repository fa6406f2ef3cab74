"""Two codes that are easy to tell apart, and coded passages to learn them from."""

import json

from evitable.codebook import read_codebook
from evitable.training.data import read_coded_passages

BOOK = read_codebook(
    """
name = "two"
title = "Two codes"
[[dimension]]
name = "voice"
title = "Voice"
polarity = true
[[code]]
name = "vote"
dimension = "voice"
title = "Vote"
definition = "They vote."
phrases = ["ballot"]
[[code]]
name = "speak"
dimension = "voice"
title = "Speak"
definition = "They speak."
phrases = ["speech"]
""",
    "two.toml",
)
PLACES = ["school", "park", "clinic", "library", "street", "market", "harbour", "station"]


def line(number, text, codes, way="facilitates", **more):
    polarity = dict.fromkeys(codes, way)
    return json.dumps(
        {"id": f"x{number}", "source": f"d{number % 5}", "text": text, "voice": codes, "polarity": polarity, **more}
    )


def some_passages():
    lines = []
    for number in range(150):
        place = PLACES[number % len(PLACES)]
        if number % 3 == 0:
            lines.append(
                line(
                    number,
                    f"The residents near the {place} cast a ballot and voted.",
                    ["vote"],
                    "hinders" if number % 2 else "facilitates",
                )
            )
        elif number % 3 == 1:
            lines.append(
                line(
                    number,
                    f"A speech was held aloud at the {place} by tenants.",
                    ["speak"],
                    "facilitates" if number % 2 else "hinders",
                )
            )
        else:
            lines.append(line(number, f"The {place} was painted in spring by a firm.", []))
    return read_coded_passages({"passages.jsonl": "\n".join(lines)}, BOOK)
