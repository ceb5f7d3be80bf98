"""`python -m jingyi.cli` is `jingyi`."""

import sys

from jingyi.cli import main

sys.exit(main())
