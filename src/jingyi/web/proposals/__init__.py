"""Deputies' and CPPCC members' proposals that become cases, and cases that become proposals."""
