"""Door: `python -m app.server.licences` writes docs/licences.md, the licences of what browsers are sent.

Read from what is installed and from the lock file, so that no version is written by hand.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import distribution

from app.paths import ROOT
from app.server.frontend_files import FRONTEND, LICENCES, LOCK

FILE = ROOT / "docs" / "licences.md"
HEAD = """# Licences of what browsers are sent

Written by `python -m app.server.licences`. Python packages stay on the server; `pip` has their licences.

| what | version | licence | its text |
|---|---|---|---|
"""
OURS = (
    ("Facespace's own modules, styles and pages", "", "MIT", "`LICENSE`"),
    (
        "Decoders, latents, attribute scores",
        "",
        "derived from CelebA: non-commercial research and teaching only",
        "`checkpoints/LICENSE.md`",
    ),
    ("The portrait of Eileen Collins", "", "public domain (NASA)", ""),
)
TEXTS = {"onnxruntime-web": LICENCES[0], "plotly.js": LICENCES[1]}


def text() -> str:
    """What docs/licences.md must hold."""
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in (*OURS, *_from_wheels(), *_from_npm()))


def _from_wheels() -> list[tuple[str, str, str, str]]:
    streamlit = distribution("streamlit")
    fonts = "its fonts, Source Sans, Source Serif and Source Code: OFL-1.1"
    return [
        ("Streamlit's pages, with what is packed into them", streamlit.version, f"Apache-2.0; {fonts}", "in the wheel"),
    ]


def _from_npm() -> list[tuple[str, str, str, str]]:
    """The libraries and what is packed into them, as the lock file names them."""
    packages = json.loads((FRONTEND / LOCK).read_text(encoding="utf-8"))["packages"]
    prefix = "node_modules/"
    return [
        (
            name.removeprefix(prefix),
            found["version"],
            found["license"],
            next((f"`frontend/{text}`" for start, text in TEXTS.items() if name.startswith(prefix + start)), ""),
        )
        for name, found in sorted(packages.items())
        if name.startswith(prefix)
    ]


def main() -> int:
    """Write the file."""
    FILE.write_text(text(), encoding="utf-8")
    print(f"wrote {FILE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
