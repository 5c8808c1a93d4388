"""SHA-256 that can be stopped before its last block (FIPS 180-4).

The signature key of an IAS-ECC card wants the last round of the hash made on the card, so the intermediate state must
leave the hash function: hashlib cannot export it. Nothing here is secret-dependent in a way that matters: the message
is what one signs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

BLOCK = 64
_MASK = 0xFFFFFFFF


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def _fraction_of_cube_root(number: int) -> int:
    """First 32 bits of the fraction of the cube root, exactly: floor(cbrt(n * 2**96)) mod 2**32."""
    low, high = 0, 1 << 40
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= number << 96 else (low, middle - 1)
    return low & _MASK


_K = tuple(_fraction_of_cube_root(prime) for prime in _primes(64))
_INITIAL = tuple(math.isqrt(prime << 64) & _MASK for prime in _primes(8))

State = tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class LastRound:
    """What is left for the card: the state after ``hashed_bits`` bits (a multiple of 512) and the last 0-64 bytes."""

    state: bytes
    hashed_bits: int
    rest: bytes

    @property
    def is_first(self) -> bool:
        """True when nothing was hashed outside: the whole message is ``rest``."""
        return self.hashed_bits == 0


def split(message: bytes) -> LastRound:
    """Hash all blocks but the last one; the last one (1 to 64 bytes, 0 for an empty message) stays."""
    hashed = max(0, (len(message) - 1) // BLOCK) * BLOCK
    state = _INITIAL
    for start in range(0, hashed, BLOCK):
        state = _compress(state, message[start : start + BLOCK])
    return LastRound(_to_bytes(state), 8 * hashed, message[hashed:])


def finish(last: LastRound) -> bytes:
    """The digest: pad ``rest`` and run the last one or two rounds (what the card does)."""
    bits = last.hashed_bits + 8 * len(last.rest)
    zeros = -(len(last.rest) + 9) % BLOCK
    tail = last.rest + b"\x80" + bytes(zeros) + bits.to_bytes(8, "big")
    state = tuple(int.from_bytes(last.state[i : i + 4], "big") for i in range(0, 32, 4)) if last.state else _INITIAL
    for start in range(0, len(tail), BLOCK):
        state = _compress(state, tail[start : start + BLOCK])
    return _to_bytes(state)


def _to_bytes(state: State) -> bytes:
    return b"".join(word.to_bytes(4, "big") for word in state)


def _schedule(block: bytes) -> list[int]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, BLOCK, 4)]
    for i in range(16, 64):
        x, y = w[i - 15], w[i - 2]
        s0 = (x >> 7 | x << 25) ^ (x >> 18 | x << 14) ^ x >> 3
        s1 = (y >> 17 | y << 15) ^ (y >> 19 | y << 13) ^ y >> 10
        w.append((w[i - 16] + (s0 & _MASK) + w[i - 7] + (s1 & _MASK)) & _MASK)
    return w


def _compress(state: State, block: bytes) -> State:
    a, b, c, d, e, f, g, h = state
    for k, w in zip(_K, _schedule(block), strict=True):
        s1 = ((e >> 6 | e << 26) ^ (e >> 11 | e << 21) ^ (e >> 25 | e << 7)) & _MASK
        t1 = h + s1 + (e & f ^ ~e & g) + k + w
        s0 = ((a >> 2 | a << 30) ^ (a >> 13 | a << 19) ^ (a >> 22 | a << 10)) & _MASK
        t2 = s0 + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t1 + t2) & _MASK, a, b, c, (d + t1) & _MASK, e, f, g
    return tuple((x + y) & _MASK for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True))
