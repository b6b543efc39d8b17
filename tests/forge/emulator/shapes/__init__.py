"""How the API writes things down: one function a shape, shared by REST answers and webhook payloads.

Field names and which of them may be null follow the published API description; a check compares them with it.
"""
