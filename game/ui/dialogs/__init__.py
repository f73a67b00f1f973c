"""Cards over the page."""
