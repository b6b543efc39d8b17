"""Plays conversations written in Markdown against the real program. The language: ../README.md."""
