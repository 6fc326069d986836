"""Components of our own, in the browser: one folder each.

Two folders are no components: `decoding` makes points into pictures, `page` holds what several components of one page
need. Python and the browser's modules agree on each `message.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from app.texts import N_

NOT_LOADED = N_("This part of the page could not be loaded from the server. Load the page again.")
LOADER = """
// Inline code runs from a Blob address, where relative imports fail; the real module is imported by its own address.
const arrivals = new WeakMap();
export default function (component) {
  const { data, parentElement } = component;
  const module = import(new URL(data.base + "/MODULE", window.location.href).href);
  arrivals.set(parentElement, component);
  module.then(
    ({ render }) => arrivals.get(parentElement) === component && render(component),
    (error) => {
      console.error(error);
      const known = JSON.parse(document.getElementById("facespace-texts")?.textContent || "{}").texts || {};
      parentElement.append(known["SENTENCE"] || "SENTENCE");
    },
  );
  return () => {
    arrivals.delete(parentElement);
    module.then(({ unmount }) => arrivals.has(parentElement) || unmount(parentElement), () => {});
  };
}
"""


def component(name: str, *, isolate_styles: bool = True) -> Any:
    """Register the component of a folder here: its `name.mjs`, with its `name.html` and `name.css` where it has them.

    Args:
        name: of the folder. Its module exports `render` and `unmount`; its `data` carry the base address as `base`.
        isolate_styles: put it under a shadow root, so that its styles and the page's do not meet.

    Returns:
        What mounts it, by `key` and `data`.
    """
    folder = Path(__file__).parent / name
    css, page = folder / f"{name}.css", folder / f"{name}.html"
    return st.components.v2.component(
        f"facespace.{name}",
        html=page.read_text(encoding="utf-8") if page.exists() else None,
        css=css.read_text(encoding="utf-8") if css.exists() else None,
        js=LOADER.replace("MODULE", f"{name}/{name}.mjs").replace("SENTENCE", NOT_LOADED),
        isolate_styles=isolate_styles,
    )
