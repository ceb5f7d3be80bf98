"""Real bytes of photographs and films, small, with whatever metadata a test wants."""

import io
import struct
from datetime import UTC, datetime

from PIL import Image, PngImagePlugin, TiffImagePlugin

GPS_HERE = {1: "N", 2: (33.0, 39.0, 15.552), 3: "E", 4: (117.0, 1.0, 24.42)}  # 33.65432, 117.02345
HERE = (117.02345, 33.65432)


def exif(first=None, inner=None, gps=None):
    """EXIF as Pillow writes it."""
    made = Image.Exif()
    made.update(first or {})
    made.get_ifd(0x8769).update(inner or {})
    if gps:
        made.get_ifd(0x8825).update(gps)
    return made


def photo(kind="JPEG", size=(64, 48), colour="green", xmp=b"", software="", **tags):
    """A photograph with EXIF (`first`, `inner`, `gps`) and XMP; `software`: a text chunk of a PNG."""
    out = io.BytesIO()
    more = {"xmp": xmp} if xmp else {}
    if software:
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Software", software)
    picture = Image.new("RGB", size, colour)
    if kind == "TIFF":  # of which Pillow writes directories within only when they are values
        info = TiffImagePlugin.ImageFileDirectory_v2()
        for tag, value in tags.get("first", {}).items():
            info[tag] = value
        info[0x8769], info[0x8825] = tags.get("inner", {}), tags.get("gps", {})
        picture.save(out, kind, tiffinfo=info)
    else:
        picture.save(out, kind, exif=exif(**tags), **more)
    return out.getvalue()


def with_thumbnail(picture, small):
    """A JPEG of two Pillow pictures: the large one, and the small one its EXIF holds."""
    thumb, out = io.BytesIO(), io.BytesIO()
    small.save(thumb, "JPEG")
    body = thumb.getvalue()
    head = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 0) + struct.pack("<I", 14)
    second = (
        struct.pack("<H", 2)
        + struct.pack("<HHII", 0x201, 4, 1, 44)
        + struct.pack("<HHII", 0x202, 4, 1, len(body))
        + bytes(4)
    )
    block = head + second
    block += bytes(44 - len(block)) + body
    picture.save(out, "JPEG", exif=b"Exif\0\0" + block)
    return out.getvalue()


def box(name, *content):
    """A box of an MP4, MOV or HEIC file."""
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + name + body


def since_1904(at):
    return int((at - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds()) if at else 0


def film(brand=b"isom", *, made=None, changed=None, where="", wide=False, more=b"", media=64):
    """A film: its media first and its head last, as phones write it."""
    times = struct.pack(
        ">QQIQ" if wide else ">IIII", since_1904(made), since_1904(changed or made), 1000, 12_500
    )
    head = box(b"mvhd", bytes([1 if wide else 0, 0, 0, 0]), times, bytes(80))
    words = where.encode()
    user = (
        box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(words), 0x15C7), words))
        if where
        else b""
    )
    return (
        box(b"ftyp", brand, bytes(4), brand)
        + box(b"mdat", bytes(media))
        + box(b"moov", head, user, more)
    )


def quicktime(**named):
    """QuickTime's own named values, as iPhones write them; `_` in a name stands for a dot."""
    keys, values = b"", b""
    for number, (name, value) in enumerate(named.items(), 1):
        keys += box(b"mdta", b"com.apple.quicktime." + name.replace("_", ".").encode())
        values += box(
            struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), value.encode())
        )
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(13))
    return box(
        b"meta",
        handler,
        box(b"keys", bytes(4), struct.pack(">I", len(named)), keys),
        box(b"ilst", values),
    )


def heic(tags, size=(4032, 3024)):
    """The frame of a HEIC file that holds EXIF; it has no picture."""
    payload = struct.pack(">I", 6) + b"Exif\0\0" + tags.tobytes().removeprefix(b"Exif\0\0")
    item = box(b"infe", b"\2\0\0\0", struct.pack(">HH", 7, 0), b"Exif\0")
    sizes = box(
        b"iprp",
        box(
            b"ipco",
            *(box(b"ispe", bytes(4), struct.pack(">II", *one)) for one in ((320, 240), size)),
        ),
    )
    start = box(b"ftyp", b"heic", bytes(4), b"mif1heic")

    def frame(at):
        place = struct.pack(">HHHI", 7, 0, 1, at) + struct.pack(">I", len(payload))
        where = box(b"iloc", bytes(4), b"\x44\x00", struct.pack(">H", 1), place)
        return box(
            b"meta", bytes(4), box(b"iinf", bytes(4), struct.pack(">H", 1), item), where, sizes
        )

    meta = frame(len(start) + len(frame(0)) + 8)
    return start + meta + box(b"mdat", payload)


def shown(*, kind=b"vide", codec=b"avc1", where="", more=b"", left=b""):
    """An MP4 with one track; `where` in the track's and the film's words, `left` in empty space."""
    words = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(where), 0x15C7), where.encode()))
    handler = box(b"hdlr", bytes(8), kind, bytes(12), b"x\0")
    entry = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(70)))
    media = box(b"mdia", handler, box(b"minf", box(b"stbl", entry)))
    track = box(b"trak", box(b"tkhd", bytes(84)), media, words if where else b"")
    head = box(b"mvhd", bytes(100))
    return (
        box(b"ftyp", b"isom", bytes(4), b"isom")
        + box(b"free", left)
        + box(b"moov", head, track, more, words if where else b"")
        + box(b"mdat", bytes(64))
    )


def element(name, *content, endless=False):
    """An EBML element; `endless`: as recorders write it that do not know yet how long it will be."""
    body = b"".join(content)
    name = bytes.fromhex(name)
    size = b"\x01" + b"\xff" * 7 if endless else b"\x01" + len(body).to_bytes(7, "big")
    return name + size + body


def webm(*, doctype=b"webm", kinds=(1,), tags=b"", title=b"", endless=False):
    """A WebM with a track of each of `kinds`, one cluster, and tags after it."""
    tracks = [element("ae", element("83", bytes([kind])), element("86", b"V_VP8")) for kind in kinds]  # fmt: skip
    return element("1a45dfa3", element("4282", doctype)) + element(
        "18538067",
        element("1549a966", element("7ba9", title) if title else b""),
        element("1654ae6b", *tracks),
        element("1f43b675", element("e7", b"\0"), element("a3", bytes(40)), endless=endless),
        element("1254c367", element("7373", tags)) if tags else b"",
        endless=endless,
    )
