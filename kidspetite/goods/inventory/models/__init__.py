from kidspetite.goods.inventory.models.shelves import Hold, Movement, Sheet, SheetLine, StockLevel
from kidspetite.goods.inventory.models.waiting import Wait

__all__ = ["Hold", "Movement", "Sheet", "SheetLine", "StockLevel", "Wait"]
