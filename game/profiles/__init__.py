"""Who writes: a folder for each person, and the samples of that person's ink."""
