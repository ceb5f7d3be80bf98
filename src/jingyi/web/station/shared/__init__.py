"""The ledger an organ shares with the procuratorate, its duty calendar, clues both ways, joint work."""
