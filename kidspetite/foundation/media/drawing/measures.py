"""Real measurements, in centimetres, of clothes that fit a child of a given height.

Lengths grow faster than widths: a 50 is two thirds as wide as it is long, a 98 is half as wide.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measures:
    height: int
    chest: float  # laid flat, side to side
    waist: float
    hip: float
    neck: float  # opening, side to side
    shoulder: float  # shoulder point to shoulder point
    armhole: float  # straight down
    trunk: float  # high shoulder to crotch
    top: float  # high shoulder to hem of a tee
    sleeve: float  # shoulder point to wrist
    upper_arm: float  # laid flat
    cuff: float
    inseam: float
    rise: float  # waist to crotch
    thigh: float  # laid flat
    ankle: float
    head: float  # half the girth, as a hat lies
    foot: float


def measures_for(height_cm: int) -> Measures:
    h = float(height_cm)
    chest = 13.2 + 0.125 * h
    return Measures(
        height=height_cm,
        chest=chest,
        waist=chest * (1.0 if h < 86 else 0.95),
        hip=chest * 1.02,
        neck=7.6 + 0.055 * h,
        shoulder=chest * 0.90,
        armhole=5.6 + 0.066 * h,
        trunk=14.0 + 0.39 * h,
        top=9.5 + 0.31 * h,
        sleeve=max(11.0, 0.40 * h - 4.0),
        upper_arm=5.0 + 0.048 * h,
        cuff=4.0 + 0.025 * h,
        inseam=max(8.0, 0.50 * h - 12.0),
        rise=11.5 + 0.085 * h,
        thigh=7.2 + 0.062 * h,
        ankle=5.2 + 0.028 * h,
        head=13.5 + 0.115 * h if h <= 62 else 18.2 + 0.04 * h,
        foot=0.155 * h,
    )
