"""Characters that `str.splitlines` takes for line ends and Python does not:      ."""
text = "vertical tab  file  group  record  next line  line   paragraph   end"
raw = r' ' ''
block = """
a b
cd
"""
joined = f"{text} {raw!r}"  # a comment with   and  and  inside
x = 1  # 
