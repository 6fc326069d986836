"""Components of our own, in the browser: one folder each.

Two folders are no components: `decoding` makes points into pictures, `page` holds what several components of one page
need. Python and the browser's modules agree on each `message.py`.
"""

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


def loader(module: str) -> str:
    """The inline JavaScript of a component whose `module`, below the front-end base, exports `render` and `unmount`.

    The component's `data` must carry the base address as `base`.
    """
    return LOADER.replace("MODULE", module).replace("SENTENCE", NOT_LOADED)
