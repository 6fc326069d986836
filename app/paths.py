"""Where the project's own files lie."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
COMPONENTS = Path(__file__).parent / "components"
ASSETS = ROOT / "assets"
PORTRAIT = ASSETS / "portrait.jpg"
"""A public-domain face to try everything with."""
