"""Cases that change hands between procuratorates, and cases that become one."""
