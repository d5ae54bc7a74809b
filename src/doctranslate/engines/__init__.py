"""What condenses, names counterparts and rewrites: a chat model, or the offline engine."""
