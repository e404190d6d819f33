This file is no program.
It has two lines.
