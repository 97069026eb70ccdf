"""How fast pages felt to those who opened them: counted by kind of page, never by visitor."""
