"""The only writers of stock. Shelves are locked in primary-key order before anybody looks; see docs/locks.md."""

from kidspetite.goods.inventory.operations.holding import (
    extend_holds,
    hold_stock,
    keep_holds,
    lock_stock,
    make_firm,
    release_expired,
    release_holds,
)
from kidspetite.goods.inventory.operations.moving import (
    change_shelves,
    clear_away,
    fold_holds,
    receive_stock,
    sell_held,
    set_stock,
    take_back,
)
from kidspetite.goods.inventory.operations.sheets import (
    apply_sheet,
    drop_sheet,
    open_sheet,
    strike_line,
    write_counts,
    write_differences,
)

__all__ = [
    "apply_sheet",
    "change_shelves",
    "clear_away",
    "drop_sheet",
    "extend_holds",
    "fold_holds",
    "hold_stock",
    "keep_holds",
    "lock_stock",
    "make_firm",
    "open_sheet",
    "receive_stock",
    "release_expired",
    "release_holds",
    "sell_held",
    "set_stock",
    "strike_line",
    "take_back",
    "write_counts",
    "write_differences",
]
