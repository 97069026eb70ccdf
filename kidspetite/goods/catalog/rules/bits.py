"""Sets of small whole numbers as one long integer: bit n says whether n is in it. Fast to cut, to join and to count."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Collection, Iterator
from itertools import compress, count

FEW = 200
# For each place in a byte: every byte as the digit that stands there.
_DIGIT = [bytes(ord("0") + (byte >> place & 1) for byte in range(256)) for place in range(8)]


def set_of(members: Collection[int], size: int) -> int:
    """The set of these numbers, all below `size`."""
    if len(members) > FEW:
        return _set_of_many(members, size)
    room = bytearray(size // 8 + 1)
    for member in members:
        room[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(room, "little")


def _set_of_many(members: Collection[int], size: int) -> int:
    """The same by way of the set's binary digits, which costs a third of the time a member, and more at the start."""
    digits = bytearray(b"0") * (size + 1)
    for member in members:
        digits[member] = 49  # "1"
    digits.reverse()
    return int(digits, 2)


def members_of(bits: int) -> Iterator[int]:
    """The numbers in a set, rising."""
    room = bits.to_bytes((bits.bit_length() + 63) // 64 * 8, "little")
    words = memoryview(room).cast("Q")
    for index in compress(count(), words):  # most words of a small set are empty
        word, base = words[index], index << 6
        while word:
            low = word & -word
            yield base + low.bit_length() - 1
            word ^= low


class Ladder:
    """Numbers of many members, sliced by binary digit, so that "at least 1,500" is a few dozen set operations."""

    DIGITS = 36

    def __init__(self) -> None:
        self._digits = [0] * self.DIGITS

    def fill(self, numbers: array[int]) -> None:
        """Set the numbers of members 0, 1, 2 and so on, from signed eight-byte ones, without a step a member."""
        raw = numbers.tobytes()
        for digit in range(self.DIGITS):
            byte = digit // 8 if sys.byteorder == "little" else 7 - digit // 8
            digits = raw[byte::8].translate(_DIGIT[digit % 8])
            self._digits[digit] = int(digits[::-1] or b"0", 2)

    def put(self, numbers: dict[int, int], size: int) -> None:
        """Set the numbers of these members; a number is 0 or more and below 2³⁶."""
        touched = set_of(numbers, size)
        for digit in range(self.DIGITS):
            now = set_of([member for member, number in numbers.items() if number >> digit & 1], size)
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
