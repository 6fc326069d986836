"""Lists of labels and parts in a random spelling, some of them damaged, and what they say of each picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Random = np.random.Generator

YES_NO = (("1", "-1"), ("1", "0"), ("1.0", "-1.0"), ("1.0", "0.0"), ("True", "False"), ("TRUE", "FALSE"), ("yes", "no"))
PARTS = (("0", "1", "2"), ("0.0", "1.0", "2.0"), ("train", "valid", "test"), ("Training", "Val", "Testing"))
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
OF_PICTURES = ("image_id", "filename", "file", "img", "picture", "image", "photo")
OF_PARTS = ("partition", "split", "Set", "subset")
INDICES = ("", "index", "Unnamed: 0", "#")
JUNK = (b"\0", b"\xff", b"\x1a", b",", b";", b'"', b" ", b"\n", b"x")


@dataclass(frozen=True)
class Spelling:
    """How a list is written.

    Attributes:
        separator: between cells; a space as CelebA's own lists have it.
        header: whether names stand above the columns.
        index: a column of row numbers in front, by this name; None for none.
        named: how a picture is called, from its file's name.
        bare: that leaves out the suffix.
        last: the pictures stand in the last column.
    """

    separator: str
    header: bool
    index: str | None
    named: Callable[[str], str]
    bare: bool
    last: bool


def stem(name: str) -> str:
    return name.rsplit(".", 1)[0]


def a_spelling(random: Random, *, celeba: bool, may_lack_header: bool) -> Spelling:
    separator = str(random.choice([",", ",", ";", "\t", " "])) if celeba else str(random.choice([",", ";", "\t"]))
    header = not may_lack_header or random.random() < 0.75
    plain = separator == " " or not header
    ways: list[tuple[Callable[[str], str], bool]] = [(lambda n: n, False), (lambda n: n, False), (stem, True)]
    if celeba:
        ways += [(lambda n: f"img_align_celeba/{n}", False), (lambda n: f"C:\\faces\\{n}", False)]
        ways += [(lambda n: str(int(stem(n))), True), (lambda n: f"{stem(n)}.png", False)]
    named, bare = ways[random.integers(len(ways))]
    return Spelling(
        separator=separator,
        header=header,
        index=str(random.choice(INDICES)) if not plain and random.random() < 0.3 else None,
        named=named,
        bare=bare,
        last=not plain and random.random() < 0.2,
    )


def write_list(
    random: Random, path: Path, how: Spelling, columns: Sequence[str], rows: Mapping[str, Sequence[str]]
) -> bool:
    """Write a list of `rows` by file name; returns whether it was damaged on the way."""
    names = [*rows]
    if random.random() < 0.4:
        random.shuffle(names)
    above = str(random.choice(OF_PICTURES))
    header = [*columns, above] if how.last else [above, *columns]
    table = [[*rows[n], how.named(n)] if how.last else [how.named(n), *rows[n]] for n in names]
    if how.index is not None:
        header, table = [how.index, *header], [[str(i), *cells] for i, cells in enumerate(table)]
    if how.separator == " ":
        lines = [str(len(table))] * (random.random() < 0.7) + [" ".join(columns)] * how.header
        text = "\n".join([*lines, *(("  " if random.random() < 0.3 else " ").join(cells) for cells in table)]) + "\n"
    else:
        file = io.StringIO()
        quoting = csv.QUOTE_ALL if random.random() < 0.2 else csv.QUOTE_MINIMAL
        writer = csv.writer(file, delimiter=how.separator, quoting=quoting, lineterminator="\n")
        writer.writerows([header] * how.header + table)
        text = file.getvalue()
    if random.random() < 0.2:
        text = text.rstrip("\n") + "\n" * int(random.integers(4))
    if random.random() < 0.3:
        text = text.replace("\n", "\r\n")
    content = text.encode(str(random.choice(ENCODINGS)))
    damaged = random.random() < 0.15 and not (how.last and how.bare)  # a number cut short is another number
    path.write_bytes(_damage(random, content, how) if damaged else content)
    return damaged


def _damage(random: Random, content: bytes, how: Spelling) -> bytes:
    at = int(random.integers(len(content) + 1))
    kind = random.integers(4)
    if kind == 0:
        return content[:at]
    if kind == 1:  # not where it could make another name of a name
        return content[:at] + JUNK[random.integers(len(JUNK))] + content[at:] if not how.bare else content[:at]
    lines = content.split(b"\n")
    line = int(random.integers(len(lines)))
    if kind == 2:
        return b"\n".join(lines[:line] + lines[line + 1 :])
    return b"\n".join([*lines[:line], lines[line], *lines[line:]])
