"""The lesson: one module a chapter, and what they share."""
