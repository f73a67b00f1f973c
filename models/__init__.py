"""All that is needed to use a network: ink in, answers out. Imports neither game nor training."""
