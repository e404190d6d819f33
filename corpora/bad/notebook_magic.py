import sys
%matplotlib inline
!ls
