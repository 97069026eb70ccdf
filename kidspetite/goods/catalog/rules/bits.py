"""Sets of small whole numbers as one long integer: bit n says whether n is in it. Fast to cut, to join and to count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def set_of(members: Iterable[int], size: int) -> int:
    """The set of these numbers, all below `size`."""
    room = bytearray(size // 8 + 1)
    for member in members:
        room[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(room, "little")


def members_of(bits: int) -> Iterator[int]:
    """The numbers in a set, rising."""
    room = bits.to_bytes((bits.bit_length() + 63) // 64 * 8, "little")
    for index, word in enumerate(memoryview(room).cast("Q")):
        base = index << 6
        while word:
            low = word & -word
            yield base + low.bit_length() - 1
            word ^= low


class Ladder:
    """Numbers of many members, sliced by binary digit, so that "at least 1,500" is a few dozen set operations."""

    DIGITS = 36

    def __init__(self) -> None:
        self._digits = [0] * self.DIGITS

    def put(self, numbers: dict[int, int], size: int) -> None:
        """Set the numbers of these members; a number is 0 or more and below 2³⁶."""
        touched = set_of(numbers, size)
        for digit in range(self.DIGITS):
            now = set_of((member for member, number in numbers.items() if number >> digit & 1), size)
            self._digits[digit] = self._digits[digit] & ~touched | now

    def at_least(self, bound: int, among: int) -> int:
        """Those of `among` whose number is `bound` or more."""
        below, equal = 0, among
        for digit in reversed(range(self.DIGITS)):
            ones = self._digits[digit]
            if bound >> digit & 1:
                below |= equal & ~ones
                equal &= ones
            else:
                equal &= ~ones
        return among & ~below
