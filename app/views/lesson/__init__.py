"""The page *Lesson*: its chapters and what they share."""
