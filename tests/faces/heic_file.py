"""A HEIC photo as an iPhone writes it: the picture, and a gain map for bright screens that says how to brighten it.

Made of a plain HEIC file, whose picture serves as its own gain map. ISO/IEC 23008-12 (HEIF) and 21496-1 (gain maps).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

APPLE = b"urn:com:apple:photo:2020:aux:hdrgainmap\0"


def with_gain_map(plain: bytes, *, tone_mapped: bool) -> bytes:
    """`plain` with an auxiliary picture; as newer phones do with a tone-mapped picture made of both, first choice of
    those who know it."""
    parts = dict(_boxes(plain, 0, len(plain)))
    meta = dict(_boxes(parts[b"meta"], 4, len(parts[b"meta"])))
    described = dict(_boxes(meta[b"iprp"], 0, len(meta[b"iprp"])))
    properties = list(_boxes(described[b"ipco"], 0, len(described[b"ipco"])))
    picture = parts[b"mdat"]
    recipe = b"\0" + bytes(61)
    items = [(1, b"hvc1", picture), (2, b"hvc1", picture)] + [(3, b"tmap", recipe)] * tone_mapped
    ispe = 1 + [kind for kind, _ in properties].index(b"ispe")
    shown = [*range(1, len(properties) + 1)]
    uses = {1: shown, 2: [*shown, len(properties) + 1], 3: [ispe]}
    ipco = b"".join(_box(kind, body) for kind, body in properties) + _full(b"auxC", APPLE)
    ipma = struct.pack(">I", len(items))
    for number, _, _ in items:
        ipma += struct.pack(">HB", number, len(uses[number])) + bytes(uses[number])
    infos = b"".join(_full(b"infe", struct.pack(">HH4s", n, 0, kind) + b"\0", version=2) for n, kind, _ in items)
    refers = _box(b"auxl", struct.pack(">HHH", 2, 1, 1))
    refers += _box(b"dimg", struct.pack(">HHHH", 3, 2, 1, 2)) if tone_mapped else b""
    group = _box(b"grpl", _full(b"altr", struct.pack(">4I", 100, 2, 3, 1))) if tone_mapped else b""
    start = parts[b"ftyp"]
    brands = _box(b"ftyp", start + (b"tmap" if tone_mapped else b""))

    def all_but_data(place: int) -> bytes:
        places = b""
        for number, _, content in items:
            places += struct.pack(">HHHII", number, 0, 1, place, len(content))
            place += len(content)
        iloc = _full(b"iloc", bytes((0x44, 0)) + struct.pack(">H", len(items)) + places)
        inside = _box(b"hdlr", meta[b"hdlr"]) + _box(b"pitm", meta[b"pitm"]) + iloc
        inside += _full(b"iinf", struct.pack(">H", len(items)) + infos) + _full(b"iref", refers)
        inside += _box(b"iprp", _box(b"ipco", ipco) + _full(b"ipma", ipma)) + group
        return brands + _full(b"meta", inside)

    head = all_but_data(len(all_but_data(0)) + 8)
    return head + _box(b"mdat", b"".join(content for _, _, content in items))


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        yield kind, data[start + 8 : start + size]
        start += size


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _full(kind: bytes, body: bytes, version: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24) + body)
