"""What programs for qualitative analysis take: codes, users, cases and coded texts as REFI-QDA 1.5 writes them."""
