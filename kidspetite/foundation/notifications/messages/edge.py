"""Words that break weak letters: very long, from right to left, in pictures, with line breaks where none belong."""

from __future__ import annotations

NAME = "Maximiliane-Alexandrina von Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh 🧸👶🏽"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
RIGHT_TO_LEFT = "שולמית בת־אברהם العربية"
WORDS = (
    f"{RIGHT_TO_LEFT}, with love.\n\n<b>Not bold</b> & “quoted” – 100% {{{{ title }}}}\r\nBcc: all@home.example\n"
    f"{LONG_WORD}\n" + "So many words, and none of them ends the sentence, " * 40 + "🎁🎁🎁"
)
MAIL = f"{'a.very.long.name.' * 3}at-home@a-domain-with-many-letters.home.example"
LINK = "https://shop.example/" + "a-very-long-address-without-a-single-space-" * 8
