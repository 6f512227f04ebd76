"""A guest sees its root directory, and nothing else of the host: whatever it asks for."""

from __future__ import annotations

import io
import os
import struct
import threading
from pathlib import Path
from random import Random

import pytest

from rvx.machine.console import Console, GuestExit
from rvx.machine.host import Host
from rvx.machine.memory import Memory
from rvx.machine.root import Root
from rvx.machine.system_call import Call

RAM = range(0x1000, 0x2_0000)
PATH, OTHER, BUFFER = 0x1000, 0x3000, 0x8000
FDCWD = 0xFFFF_FF9C
READ, WRITE, CREATE, TRUNCATE, NOFOLLOW = 0, 1, 0o100, 0o1000, 0o400000
ENOENT, EBADF, EACCES, EEXIST, ENOTDIR, EISDIR, EINVAL, ELOOP, EPERM = (
    *(-2, -9, -13, -17, -20, -21, -22, -40, -1),
)
SECRET = b"nobody's business"


class Guest:
    """System calls on a root with a neighbour that must stay hidden."""

    def __init__(self, folder: Path) -> None:
        self.outside = folder / "outside"
        self.root = folder / "root"
        self.outside.mkdir()
        (self.outside / "secret").write_bytes(SECRET)
        (self.root / "inner").mkdir(parents=True)
        (self.root / "file").write_bytes(b"seen")
        (self.root / "inner" / "deep").write_bytes(b"deep")
        self.memory = Memory([RAM])
        console = Console(io.BytesIO(), io.BytesIO(), io.BytesIO())
        heap = range(0x1_0000, 0x1_8000)
        self.host = Host(
            self.memory, console, now=lambda: 0, heap=heap, xlen=32, root=Root(self.root)
        )

    def call(self, number: int, *arguments: int) -> int:
        return self.host.call(number, arguments)

    def name(self, path: str | bytes, at: int = PATH) -> int:
        data = path if isinstance(path, bytes) else path.encode()
        self.memory.write(at, data + b"\0")
        return at

    def open(self, path: str | bytes, flags: int = READ, at: int = FDCWD) -> int:
        return self.call(56, at, self.name(path), flags, 0o666)

    def read(self, path: str | bytes, at: int = FDCWD) -> bytes | int:
        file = self.open(path, at=at)
        if file < 0:
            return file
        count = self.call(63, file, BUFFER, 4096)
        self.call(57, file)
        return count if count < 0 else self.memory.read(BUFFER, count)

    def write(self, path: str | bytes, data: bytes) -> int:
        file = self.open(path, WRITE | CREATE | TRUNCATE)
        if file < 0:
            return file
        self.memory.write(BUFFER, data)
        done = self.call(64, file, BUFFER, len(data))
        self.call(57, file)
        return done


@pytest.fixture
def guest(tmp_path: Path) -> Guest:
    return Guest(tmp_path)


def test_files_are_read_written_and_removed(guest: Guest) -> None:
    assert guest.read("file") == guest.read("/file") == guest.read("./inner/../file") == b"seen"
    assert guest.write("inner/new", b"made here") == 9
    assert (guest.root / "inner" / "new").read_bytes() == b"made here"
    assert guest.call(35, FDCWD, guest.name("inner/new"), 0) == 0
    assert guest.read("inner/new") == ENOENT
    assert guest.call(34, FDCWD, guest.name("made/"), 0o755) == 0
    assert (guest.root / "made").is_dir()
    assert guest.call(35, FDCWD, guest.name("made"), 0x200) == 0
    assert guest.call(276, FDCWD, guest.name("file"), FDCWD, guest.name("moved", OTHER), 0) == 0
    assert guest.read("moved") == b"seen"


def test_positions_and_what_is_told_of_a_file(guest: Guest) -> None:
    file = guest.open("file")
    assert guest.call(62, file, 2, 0) == 2  # newlib's lseek
    assert guest.call(63, file, BUFFER, 9) == 2
    assert guest.call(62, file, 0, 1, BUFFER, 0) == 0  # Linux's _llseek, to 1
    assert guest.memory.load(BUFFER, 8) == 1
    assert guest.call(67, file, BUFFER, 2, 2, 0) == 2
    assert guest.memory.read(BUFFER, 2) == b"en"
    assert guest.call(80, file, BUFFER) == 0
    assert guest.memory.load(BUFFER + 48, 8) == 4
    assert guest.call(291, FDCWD, guest.name("file"), 0, 0x7FF, BUFFER) == 0
    assert guest.memory.load(BUFFER + 40, 8) == 4
    assert guest.memory.load(BUFFER + 28, 2) & 0o170000 == 0o100000
    assert guest.call(23, file) == file + 1
    assert guest.call(57, file) == 0
    assert guest.call(63, file + 1, BUFFER, 1) == 1


def test_a_directory_is_listed_in_the_order_of_its_names(guest: Guest) -> None:
    folder = guest.open("/")
    size = guest.call(61, folder, BUFFER, 4096)
    data, names = guest.memory.read(BUFFER, size), []
    while data:
        length = struct.unpack_from("<H", data, 16)[0]
        names.append(data[19:length].rstrip(b"\0"))
        data = data[length:]
    assert names == [b".", b"..", b"file", b"inner"]
    assert guest.call(61, folder, BUFFER, 4096) == 0


def test_the_working_directory_is_the_guests(guest: Guest) -> None:
    assert guest.call(17, BUFFER, 100) == 2
    assert guest.call(49, guest.name("inner")) == 0
    assert guest.call(17, BUFFER, 100) == 7
    assert guest.memory.read(BUFFER, 7) == b"/inner\0"
    assert guest.read("deep") == b"deep"
    assert guest.read("../file") == b"seen"
    assert guest.call(49, guest.name("deep")) == ENOTDIR


@pytest.mark.parametrize(
    "path",
    [
        "../outside/secret",
        "/../outside/secret",
        "inner/../../outside/secret",
        "../../../etc/passwd",
    ],
)
def test_dots_lead_no_higher_than_the_root(guest: Guest, path: str) -> None:
    assert guest.read(path) == ENOENT
    assert guest.write(path, b"x") == ENOENT


def test_absolute_names_are_the_guests(guest: Guest) -> None:
    assert guest.read(bytes(guest.outside / "secret")) == ENOENT
    assert guest.read("/etc/passwd") == ENOENT
    assert guest.read("/proc/self/maps") == ENOENT


@pytest.mark.parametrize("kind", ["absolute", "relative", "directory", "chain"])
def test_links_are_the_guests(guest: Guest, kind: str) -> None:
    link = guest.root / "link"
    match kind:
        case "absolute":
            link.symlink_to(guest.outside / "secret")
        case "relative":
            link.symlink_to("../outside/secret")
        case "directory":
            (guest.root / "way").symlink_to(guest.outside, target_is_directory=True)
            link.symlink_to("way/secret")
        case "chain":
            (guest.root / "up").symlink_to("inner/../../../..")
            link.symlink_to(f"up{guest.outside}/secret")
    for path in ("link", "way/secret", "inner/../link"):
        assert guest.read(path) in (ENOENT, ENOTDIR)
        assert guest.write(path, b"overwritten") in (ENOENT, ENOTDIR)
        assert guest.call(291, FDCWD, guest.name(path), 0, 0x7FF, BUFFER) in (ENOENT, ENOTDIR)
    for path in ("way/secret", "link", "way"):
        assert guest.call(35, FDCWD, guest.name(path), 0) in (0, ENOENT, ENOTDIR)
    assert (guest.outside / "secret").read_bytes() == SECRET
    assert sorted(p.name for p in guest.outside.iterdir()) == ["secret"]


def test_links_inside_work(guest: Guest) -> None:
    (guest.root / "near").symlink_to("inner/deep")
    (guest.root / "rooted").symlink_to("/inner")
    (guest.root / "loop").symlink_to("loop")
    assert guest.read("near") == guest.read("rooted/deep") == b"deep"
    assert guest.read("loop") == ELOOP
    assert guest.open("near", NOFOLLOW) == ELOOP
    assert guest.call(78, FDCWD, guest.name("near"), BUFFER, 100) == 10
    assert guest.memory.read(BUFFER, 10) == b"inner/deep"


def test_a_guest_makes_no_links(guest: Guest) -> None:
    target = guest.name(bytes(guest.outside / "secret"), OTHER)
    assert guest.call(36, target, FDCWD, guest.name("mine")) == EPERM
    assert guest.call(37, FDCWD, target, FDCWD, guest.name("mine"), 0) == EPERM
    assert not (guest.root / "mine").is_symlink()


def test_what_is_no_file_is_not_opened(guest: Guest) -> None:
    os.mkfifo(guest.root / "pipe")
    assert guest.open("pipe") == EACCES
    assert guest.open("pipe", WRITE) == EACCES
    (guest.root / "zero").symlink_to("/dev/zero")
    assert guest.read("zero") == ENOENT


def test_a_descriptor_of_a_file_is_no_directory(guest: Guest) -> None:
    file = guest.open("file")
    assert guest.read("x", at=file) == ENOTDIR
    assert guest.read("x", at=1) == ENOTDIR
    assert guest.read("x", at=99) == EBADF
    assert guest.read("deep", at=guest.open("inner")) == b"deep"
    assert guest.read("../../outside/secret", at=guest.open("inner")) == ENOENT
    assert guest.open("inner", WRITE) == EISDIR
    assert guest.open("file", WRITE | CREATE | 0o200) == EEXIST


def test_processes_have_no_files(tmp_path: Path) -> None:
    if not Path("/proc/self/mem").exists():
        pytest.skip("this host has no /proc")
    guest = Guest(tmp_path)
    guest.host = Host(
        guest.memory,
        Console(io.BytesIO(), io.BytesIO(), io.BytesIO()),
        now=lambda: 0,
        heap=range(0x1_0000, 0x1_8000),
        xlen=32,
        root=Root("/"),
    )
    for path in ("/proc/self/mem", "/proc/self/root/etc/passwd", "/proc/self/environ"):
        assert guest.read(path) == EACCES
    assert guest.write("/proc/self/mem", b"x") == EACCES


def test_a_directory_that_changes_while_it_is_looked_at(guest: Guest) -> None:
    """A neighbour replaces a directory by a link to the outside, again and again."""
    (guest.root / "turning").mkdir()
    (guest.root / "turning" / "secret").write_bytes(b"harmless")
    (guest.root / "away").symlink_to(guest.outside)
    stop = threading.Event()

    def turn() -> None:
        while not stop.is_set():
            for new in ("aside", "turning"):
                other = "turning" if new == "aside" else "aside"
                os.rename(guest.root / other, guest.root / new)  # noqa: PTH104
                if new == "aside":
                    os.rename(guest.root / "away", guest.root / "turning")  # noqa: PTH104
                    os.rename(guest.root / "turning", guest.root / "away")  # noqa: PTH104

    turner = threading.Thread(target=turn)
    turner.start()
    try:
        seen = {guest.read("turning/secret") for _ in range(2000)}
        wrote = {guest.write("turning/secret", b"harmless") for _ in range(500)}
    finally:
        stop.set()
        turner.join()
    assert SECRET not in seen
    assert wrote <= {8, ENOENT, ENOTDIR, ELOOP}
    assert (guest.outside / "secret").read_bytes() == SECRET


def test_strange_names(guest: Guest) -> None:
    assert guest.open("") == ENOENT
    assert guest.open("a" * 300) == -36
    assert guest.open("x/" * 3000) == -36
    assert guest.open(b"\xff\xfe") == ENOENT
    assert guest.write(b"\xff\xfe", b"x") == 1
    assert guest.call(56, FDCWD, RAM.stop - 1, 0, 0) in (-14, ENOENT)
    assert guest.call(56, FDCWD, 0, 0, 0) == -14


def test_no_more_files_than_there_is_room_for(guest: Guest) -> None:
    opened = [guest.open("file") for _ in range(300)]
    assert opened[:253] == list(range(3, 256))
    assert set(opened[253:]) == {-24}
    for file in opened[:253]:
        assert guest.call(57, file) == 0


def test_newlib_has_flags_of_its_own(guest: Guest) -> None:
    file = guest.call(1024, guest.name("made"), 1 | 0x200 | 0x400, 0o644)
    assert file == 3
    assert (guest.root / "made").exists()


def test_a_root_must_be_a_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "none"):
        with pytest.raises(OSError, match=r"Not a directory|No such file"):
            Root(path)


def test_memory_from_the_host(guest: Guest) -> None:
    first = guest.call(222, 0, 5000, 3, 0x22, 0xFFFF_FFFF, 0)
    second = guest.call(222, 0, 4096, 3, 0x22, 0xFFFF_FFFF, 0)
    assert first == 0x1_6000
    assert second == 0x1_5000
    guest.memory.write(second, b"\xff" * 4096)
    assert guest.call(215, second, 4096) == 0
    assert guest.call(222, 0, 4096, 3, 0x22, 0xFFFF_FFFF, 0) == second
    assert guest.memory.read(second, 4096) == bytes(4096)
    assert guest.call(214, second + 1) == 0x1_0000  # the data segment does not grow into it
    assert guest.call(214, second) == second
    assert guest.call(222, 0, 4096, 3, 0x22, 0xFFFF_FFFF, 0) == -12
    assert guest.call(222, 0, 0x1000_0000, 3, 0x22, 0xFFFF_FFFF, 0) == -12
    assert guest.call(215, 0x123, 4096) == EINVAL


def test_random_numbers_are_the_same_every_time(tmp_path: Path) -> None:
    drawn = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        guest = Guest(tmp_path / name)
        assert guest.call(278, BUFFER, 16, 0) == 16
        drawn.append(guest.memory.read(BUFFER, 16))
    assert drawn[0] == drawn[1] != bytes(16)


def test_no_call_with_strange_arguments_reaches_outside(guest: Guest) -> None:
    random = Random(1)
    outside = bytes(guest.outside / "secret")
    (guest.root / "away").symlink_to(guest.outside)
    (guest.root / "direct").symlink_to("../outside/secret")
    paths = [b"file", b"inner", b"../outside/secret", outside, b"/", b"", b"inner/..", b"x" * 5000]
    paths += [b"away", b"away/secret", b"away/", b"direct", b"direct/.", b"inner/../away/secret"]
    strange = (0, 1, 2, 3, 4, 8, PATH, OTHER, BUFFER, FDCWD, RAM.stop - 1, 0x8000_0000, 1 << 31)
    numbers = [int(call) for call in Call if call not in (Call.EXIT, Call.EXIT_GROUP)]
    for _ in range(5000):
        guest.name(random.choice(paths), PATH)
        guest.name(random.choice(paths), OTHER)
        arguments = [random.choice((*strange, random.getrandbits(32))) for _ in range(6)]
        try:
            result = guest.call(random.choice(numbers), *arguments)
        except GuestExit:
            continue
        assert -4096 < result < 1 << 32
    assert SECRET not in guest.memory.read(RAM.start, len(RAM))
    assert (guest.outside / "secret").read_bytes() == SECRET
    assert [p.name for p in guest.outside.iterdir()] == ["secret"]
    assert sorted(p.name for p in guest.root.parent.iterdir()) == ["outside", "root"]


def test_one_call_moves_no_more_than_it_should(guest: Guest) -> None:
    guest.memory = Memory([range(0x1000, 0x0800_0000)])
    console = Console(io.BytesIO(), io.BytesIO(), io.BytesIO())
    guest.host = Host(
        guest.memory,
        console,
        now=lambda: 0,
        heap=range(0x9000, 0xA000),
        xlen=32,
        root=Root(guest.root),
    )
    guest.memory.write(BUFFER, struct.pack("<II", 0x1000, 0x07FF_0000) * 1024)
    file = guest.open("large", WRITE | CREATE)
    assert guest.call(66, file, BUFFER, 1024) == 1 << 26
    assert guest.call(65, guest.open("large"), BUFFER, 1024) == 1 << 26
