"""The data sets that networks are trained on: fetched, checked and read."""
