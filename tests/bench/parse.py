"""Peer of check: python's csv module parses the file and does nothing else. parse.py FILE"""

import csv
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.reader(file):
        pass
