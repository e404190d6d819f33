# This module holds nothing

   # but comments
