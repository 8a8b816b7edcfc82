"""validate.py SCHEMA FILE...

Whether the JSON of each FILE is what SCHEMA tells: as one document, line by line where its name ends in .lines, or as
the part of the schema that another ending stands for.
Prints what is wrong, each line beginning with the file's name.
"""

import json
import sys

from jsonschema import Draft202012Validator

WRONG_LIMIT = 5

# By how a name ends: the part of the schema, and whether each line is one.
PARTS = {
    "document": (None, False),
    "lines": ("line", True),
    "summary": ("summary", False),
    "groups": ("groups", False),
    "events": ("event", True),
    "diff": ("diff", False),
    "differences": ("difference", True),
}


def unique(pairs):
    """The members of an object, of which none may stand twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice: %s" % [key for key, _ in pairs])
    return members


def complaints(validator, text):
    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=unique)
    except ValueError as error:
        return [str(error)]
    return ["/".join(map(str, e.absolute_path)) + ": " + e.message for e in validator.iter_errors(value)]


def main(schema_path, *paths):
    with open(schema_path, "rb") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    for path in paths:
        part, by_line = PARTS[path.rsplit(".", 1)[1]]
        rules = {"$ref": "#/$defs/" + part, "$defs": schema["$defs"]} if part else schema
        validator = Draft202012Validator(rules)
        with open(path, "rb") as file:
            text = file.read()
        pieces = text.splitlines() if by_line else [text]
        found = [complaint for piece in pieces for complaint in complaints(validator, piece)]
        for complaint in found[:WRONG_LIMIT]:
            print("%s: %s" % (path, complaint[:300]))


if __name__ == "__main__":
    main(*sys.argv[1:])
