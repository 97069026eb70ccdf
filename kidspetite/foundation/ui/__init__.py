"""How the shop looks: tokens, components, fonts, icons, small scripts, and the template environment."""
