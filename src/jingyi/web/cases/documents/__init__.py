"""The documents of a case, and the facts and exhibits that they are made of."""
