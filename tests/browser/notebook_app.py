"""A marimo notebook with the pad and the map; `test_notebook.py` opens it in a browser."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    import facespace
    from facespace.widgets import Map, Pad

    model = facespace.open_model("vae")
    pad = mo.ui.anywidget(Pad(model, model.atlas.mu[0], ["Smiling", "Eyeglasses"]))
    faces = mo.ui.anywidget(Map(model, "Smiling", current=0))
    return faces, mo, model, pad


@app.cell
def _(mo, model, pad):
    def go(_):
        pad.z = model.atlas.mu[7]

    there = mo.ui.button(label="To face 7", on_click=go)
    mo.vstack([pad, there])
    return (there,)


@app.cell
def _(faces):
    faces
    return


@app.cell
def _(mo, model, pad):
    smiling = model.direction("Smiling").vector
    along = smiling @ (pad.z - model.atlas.mu[0]) / (smiling @ smiling)
    mo.md(f"Python has moved {along:.2f} by {pad.weights.get('attribute-Smiling', 0.0):.2f} sliders")
    return


@app.cell
def _(mo, model, pad, there):
    there.value
    at = (abs(model.atlas.mu.astype("float32") - pad.z).max(1)).argmin()
    mo.md(f"Python stands at face {at}")
    return


@app.cell
def _(faces, mo):
    mo.md(f"Python has {len(faces.selected)} faces selected")
    return


if __name__ == "__main__":
    app.run()
