"""Ink on a page: written, undone, erased, kept, opened, saved and drawn."""
