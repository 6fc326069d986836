"""Encode a folder of pictures: `marimo edit examples/encode_your_folder.py`."""

import marimo

app = marimo.App()


@app.cell
def _():
    import tempfile
    from pathlib import Path

    import marimo as mo
    import numpy as np
    from PIL import Image

    import facespace

    model = facespace.open_model("vae")
    return Image, Path, facespace, mo, model, np, tempfile


@app.cell
def _(mo):
    mo.md("""
    # Encode your folder

    Name your own folder of photos in the next cell, and set `align=True`: faces are then found, turned and cut out.
    Until you do, the folder is filled with faces that the model made up, which are cut out already.
    """)


@app.cell
def _(Image, Path, facespace, model, np, tempfile):
    folder, align = Path(tempfile.mkdtemp()), False
    for _number, _face in enumerate(model.decode(model.sample(24, "learned", seed=3)), 1):
        _square = np.asarray(Image.fromarray(_face).resize((148, 148)))
        _frame = np.pad(_square, ((35, 35), (15, 15), (0, 0)), mode="edge")  # the frame of CelebA's pictures
        Image.fromarray(_frame).save(folder / f"{_number:06}.png")
    Image.open(facespace.SHIPPED.parent / "assets" / "portrait.jpg").size  # a photo to try `align=True` with
    return align, folder


@app.cell
def _(align, folder, model):
    codes = model.encode_folder(folder, align=align)
    f"{len(codes)} pictures have {codes.z.shape[1]} numbers each; {len(codes.left_out)} were left out."
    return (codes,)


@app.cell
def _(codes, folder):
    codes.save(folder / "codes.parquet")  # pandas.read_parquet gives every number back to the last digit
    (folder / "codes.parquet").stat().st_size


@app.cell
def _(codes, mo, model):
    # How usual is each face? Of 100 held-out faces, so many lie nearer to the average.
    distance = model.distance(codes.z)
    mo.hstack([mo.image(face, width=96) for face in model.decode(codes.z[distance.argsort()[-6:]])])
    return (distance,)


@app.cell
def _(codes, model):
    from facespace.widgets import Map

    Map(model, "Smiling", current=codes.z[0])  # where the first picture belongs


if __name__ == "__main__":
    app.run()
