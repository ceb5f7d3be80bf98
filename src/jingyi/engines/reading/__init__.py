"""Files made readable: pages as images, and what stands on them, by text layer or by eye."""
