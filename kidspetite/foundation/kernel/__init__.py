"""Words every room speaks: money, time, errors, ids."""
