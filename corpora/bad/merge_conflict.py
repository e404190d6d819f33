import sys

x = 1
<<<<<<< HEAD
y = 1
=======
y = 2
>>>>>>> branch
