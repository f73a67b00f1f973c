"""What lies between pen and answer, to be looked at: computed here, drawn in game/ui."""
