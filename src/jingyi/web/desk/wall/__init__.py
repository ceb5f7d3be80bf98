"""The chief's page and the wall screen: the whole flow of work, every number a door to its rows."""
