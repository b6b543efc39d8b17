"""Checks of the emulator itself; `../check` runs them."""
