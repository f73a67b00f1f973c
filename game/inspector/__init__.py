"""What lies between pen and answer: computed here, drawn in game/ui."""
