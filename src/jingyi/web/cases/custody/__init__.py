"""One file of a case: who has held it since it was collected, and whether it fits what was said."""
