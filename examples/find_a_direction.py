"""Find a direction between two groups, and one that nobody named: `marimo edit examples/find_a_direction.py`."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np

    import facespace
    from facespace.widgets import Map, Pad

    model = facespace.open_model("vae")
    return Map, Pad, mo, model, np


@app.cell
def _(mo):
    mo.md("""
    # Find a direction

    Draw a lasso around faces on the map. The direction leads from the average face to theirs. Until there is a
    lasso, the group is the faces that the classifier reads as wearing a hat.
    """)


@app.cell
def _(Map, mo, model):
    faces = mo.ui.anywidget(Map(model, "Wearing_Hat"))
    faces
    return (faces,)


@app.cell
def _(faces, model, np):
    hats = np.flatnonzero(model.atlas.scores[:, model.atlas.attributes.index("Wearing_Hat")] > 127)
    group = faces.selected if len(faces.selected) else hats
    found = model.direction_between(model.atlas.mu, model.atlas.mu[group], "Towards the group")
    f"{len(group):,} faces; the direction is {np.linalg.norm(found.vector):.2f} long."
    return (found,)


@app.cell
def _(Pad, found, mo, model):
    pad = mo.ui.anywidget(Pad(model, model.atlas.mu[0], [found, "Smiling"]))
    pad
    return (pad,)


@app.cell
def _(model, pad):
    # What a classifier sees in the face on the pad. Move a slider: this cell runs again.
    readings = {name: float(value[0]) for name, value in model.read(pad.z).items()}
    dict(sorted(readings.items(), key=lambda one: -one[1])[:5])
    return (readings,)


@app.cell
def _(mo, model):
    # Directions that nobody named: independent components, the largest change of the picture first.
    unnamed = model.find_directions("independent", 6)
    mo.ui.table(
        [
            {
                "direction": one.direction.name,
                "pixels change by (of 255)": round(one.change, 1),
                "attributes that it moves": ", ".join(f"{name} {change:+.2f}" for name, change in one.moved.items()),
            }
            for one in unnamed
        ]
    )
    return (unnamed,)


if __name__ == "__main__":
    app.run()
