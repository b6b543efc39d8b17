"""As much of JSON Schema as GitHub's published descriptions use (OpenAPI 3.0, 3.1 and draft 7), resolving
references only where a value leads: the documents have tens of megabytes."""

import re

TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
COMBINED = {"allOf", "anyOf", "oneOf"}
FORMATS = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
    "uri": re.compile(r"[a-z][a-z0-9+.-]*:.+"),
}


class Document:
    """`strict`: a field that a plain object's description does not know is a problem too, since it is
    likelier a slip of ours than news of theirs."""

    def __init__(self, root: dict, strict: bool = False):
        self.root, self._strict = root, strict

    def resolve(self, schema: dict) -> dict:
        while "$ref" in schema:
            found = self.root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    def problems(self, schema, value, where: str = "$") -> list[str]:
        """Everything that is wrong with the value, each with the place where it is."""
        if isinstance(schema, bool):
            return [] if schema else [f"{where}: nothing is allowed here"]
        schema = self.resolve(schema)
        if value is None and schema.get("nullable"):
            return []
        return [*_plain(schema, value, where), *self._combined(schema, value, where),
                *self._inside(schema, value, where)]

    def _combined(self, schema: dict, value, where: str) -> list[str]:
        found = []
        for part in schema.get("allOf", []):
            found += Document(self.root).problems(part, value, where)  # each part knows only its own fields
        for word in ("anyOf", "oneOf"):
            choices = schema.get(word)
            if choices:
                tried = [self.problems(choice, value, where) for choice in choices]
                if all(tried):
                    nearest = min(tried, key=len)
                    found.append(f"{where}: fits none of {len(tried)} choices; nearest: {nearest[0]}")
        return found

    def _inside(self, schema: dict, value, where: str) -> list[str]:
        found = []
        if isinstance(value, list) and isinstance(schema.get("items"), dict):
            for index, item in enumerate(value):
                found += self.problems(schema["items"], item, f"{where}[{index}]")
        if isinstance(value, dict):
            known, others = schema.get("properties", {}), schema.get("additionalProperties")
            for name, item in value.items():
                if name in known:
                    found += self.problems(known[name], item, f"{where}.{name}")
                elif isinstance(others, dict):
                    found += self.problems(others, item, f"{where}.{name}")
                elif self._strict and known and others is None and not COMBINED & schema.keys():
                    found.append(f"{where}.{name} is not described")
        return found


def _plain(schema: dict, value, where: str) -> list[str]:
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        return [f"{where}: {_short(value)} is not {' or '.join(kinds)}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {_short(value)} is none of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: {_short(value)} is not {schema['const']!r}")
    pattern = FORMATS.get(schema.get("format"))
    if isinstance(value, str) and pattern and not pattern.fullmatch(value):
        found.append(f"{where}: {_short(value)} is no {schema['format']}")
    if isinstance(value, dict):
        found += [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
    return found


def _is(value, kind: str) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])


def _short(value) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."
