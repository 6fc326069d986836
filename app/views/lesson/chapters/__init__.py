"""The chapters, each with `render(stage)`."""
