"""Indentation by tabs, by tabs and blanks, and by other widths."""


def by_tabs(a):
	if a:
		for b in a:
			print(b)
		else:
			pass
	return	a


def tabs_then_blanks(a):
	if a:
	    b = 1
	    if b:
	      b = 2
	return a


def by_two(a):
  if a:
    return a
  else:
      return 1


def by_one(a):
 if a:
  if not a:
   a = 1
 return a


def by_eight(a):
        if a:
                return a
        return 1


def by_odd(a):
   if a:
         return a
   elif not a:
    return 1
   else:
                  return 2


class	Tabbed	(	object	)	:
	x	=	1	# after a tab
	# a comment by a tab
        # a comment by eight blanks
	
	def method(self):
		"""Docstring.

		By tabs.
        By blanks.
		"""
		text = "a	tab"	
		return {	"a":	1,
  			"b": 2}	
    	
	def other(self): return	1


if by_tabs:
    x = 1
if by_one:
	x = 2
if by_two:
  x = 3
for _ in []:
    if x:
    	x = 4
    	if x:
    		x = 5
    x = 6
