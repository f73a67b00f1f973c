"""Printed sheets: what is on them, finding them in photographs, and reading their fields."""
