"""Door: `python -m app.server.licences` writes docs/licences.md, the licences of what browsers are sent.

Read from what is installed and from the lock file, so that no version is written by hand.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import distribution
from pathlib import Path

from app.paths import ROOT
from app.server.frontend_files import FRONTEND, LOCK

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


def text() -> str:
    """What docs/licences.md must hold."""
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in (*OURS, *_from_wheels(), *_from_npm()))


def _from_wheels() -> list[tuple[str, str, str, str]]:
    streamlit, plotly = distribution("streamlit"), distribution("plotly")
    script = Path(str(plotly.locate_file("plotly/package_data/plotly.min.js")))
    with script.open(encoding="utf-8") as lines:
        version = re.search(r"plotly\.js v([\d.]+)", lines.read(200))
    fonts = "its fonts, Source Sans, Source Serif and Source Code: OFL-1.1"
    return [
        ("Streamlit's pages, with what is packed into them", streamlit.version, f"Apache-2.0; {fonts}", "in the wheel"),
        ("plotly.js", version[1] if version else "", "MIT", "`frontend/LICENSE-plotly.txt`"),
    ]


def _from_npm() -> list[tuple[str, str, str, str]]:
    """onnxruntime-web and what is packed into it, as the lock file names them."""
    packages = json.loads((FRONTEND / LOCK).read_text(encoding="utf-8"))["packages"]
    prefix = "node_modules/"
    return [
        (
            name.removeprefix(prefix),
            found["version"],
            found["license"],
            "`frontend/LICENSE-onnxruntime-web.txt`" if name == f"{prefix}onnxruntime-web" else "",
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
