#!/usr/bin/python
# -*- coding: latin-1 -*-
"""Un fichier en latin-1: été, ß, ÿ, £."""

naïve = "é" 'è'  # à côté
größe = {"ü": 1}
print(f"{naïve}: {größe['ü']}")
