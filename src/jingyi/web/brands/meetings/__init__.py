"""Review meetings (推进会): what departments report, measures until they are done, guidance."""
