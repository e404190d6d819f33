# coding: ascii
import sys

x = 1
y = "été"
