"""How long a shopper, and a job, wait for one of the lines to providers."""

from kidspetite.foundation.plumbing.lines import a_line

PATIENCE_OF_A_SHOPPER, PATIENCE_OF_A_JOB = 0.15, 60.0

__all__ = ["PATIENCE_OF_A_JOB", "PATIENCE_OF_A_SHOPPER", "a_line"]
