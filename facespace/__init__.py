"""What Facespace's pages do, in Python: `pip install -e .` in the clone, then `import facespace` in any folder.

>>> import facespace
>>> model = facespace.open_model("vae")  # a shipped checkpoint by its name, or any folder
>>> photo = facespace.SHIPPED.parent / "assets" / "portrait.jpg"
>>> z = model.encode(photo, align=True)  # the face is found and cut out as CelebA's are
>>> z.shape
(1, 128)
>>> smiling = model.edit(z, {"Smiling": 1.5}, hold=["Male"])
>>> model.decode(smiling).shape
(1, 128, 128, 3)

Pictures are uint8 [N, S, S, 3]; codes are float32 [N, D]; whatever draws noise takes a seed. Whatever goes wrong is one
of `errors`, whose message says what to do.

The names in `__all__` are the ones to rely on. The folders `models`, `latent`, `faces` and `evaluation`, which this
package stands on, are installed beside it and can be imported, too; a module of yours with such a name comes first, and
`import facespace` says so.
"""

import importlib.util
from pathlib import Path

BELOW = ("evaluation", "faces", "latent", "models")


def _hidden() -> str | None:
    """The first of the folders below that another module of the same name hides, and where that lies."""
    for name in BELOW:
        found = importlib.util.find_spec(name)
        origin = found.origin if found is not None else None
        if origin is None or Path(origin).resolve().parents[1] != Path(__file__).resolve().parents[1]:
            return f"{name} ({origin or 'not found'})"
    return None


if (_other := _hidden()) is not None:
    raise ImportError(
        f"Facespace needs its own folder of this name, and Python finds another one first: {_other}. Rename that "
        "one, or start Python in another folder."
    )

from evaluation.flip import Flip  # noqa: E402  # not before it is known whose modules these open
from facespace.codes import Codes  # noqa: E402
from facespace.comparing import Errors, compare_errors, compare_neighbourhoods  # noqa: E402
from facespace.directed import Directed  # noqa: E402
from facespace.model import SAMPLERS, Model, errors, open_model  # noqa: E402
from facespace.opened import Opened  # noqa: E402
from facespace.pictures import Picture  # noqa: E402
from facespace.vectors import Vectors, open_vectors  # noqa: E402
from facespace.ways import Walk, Ways  # noqa: E402
from latent.directions import Direction  # noqa: E402
from latent.neighbourhoods import Neighbourhoods  # noqa: E402
from models import SHIPPED  # noqa: E402

__all__ = [
    "SAMPLERS",
    "SHIPPED",
    "Codes",
    "Directed",
    "Direction",
    "Errors",
    "Flip",
    "Model",
    "Neighbourhoods",
    "Opened",
    "Picture",
    "Vectors",
    "Walk",
    "Ways",
    "compare_errors",
    "compare_neighbourhoods",
    "errors",
    "open_model",
    "open_vectors",
]
