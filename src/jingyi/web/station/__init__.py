"""The workstation in an organ (公益诉讼工作站): its own matters, its receipts, its replies."""
