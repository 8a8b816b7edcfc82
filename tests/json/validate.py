"""validate.py SCHEMA FILE...

Whether the JSON of each FILE is what SCHEMA tells: as one document, line by line where its name ends in .lines, or as
the definition that it ends in, .summary or .groups.
Prints what is wrong, each line beginning with the file's name.
"""

import json
import sys

from jsonschema import Draft202012Validator

WRONG_LIMIT = 5


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
    document = Draft202012Validator(schema)
    parts = {
        part: Draft202012Validator({"$ref": "#/$defs/" + part, "$defs": schema["$defs"]})
        for part in ("line", "summary", "groups")
    }
    for path in paths:
        with open(path, "rb") as file:
            text = file.read()
        if path.endswith(".lines"):
            found = [complaint for part in text.splitlines() for complaint in complaints(parts["line"], part)]
        else:
            found = complaints(parts.get(path.rsplit(".", 1)[-1], document), text)
        for complaint in found[:WRONG_LIMIT]:
            print("%s: %s" % (path, complaint[:300]))


if __name__ == "__main__":
    main(*sys.argv[1:])
