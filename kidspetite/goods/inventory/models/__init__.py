from kidspetite.goods.inventory.models.alerts import LowMark, LowStock, LowStockChoice
from kidspetite.goods.inventory.models.shelves import Hold, Movement, Sheet, SheetLine, StockLevel
from kidspetite.goods.inventory.models.waiting import Wait

__all__ = ["Hold", "LowMark", "LowStock", "LowStockChoice", "Movement", "Sheet", "SheetLine", "StockLevel", "Wait"]
