



"""Blank lines of many kinds."""

   
	

x = 1



y = 2
def f():

    a = 1


    b = 2
    
        
  
    return a, b



class A:



    x = 1
    
    def g(self):
	
        if x:

            pass


        else:

            pass
                
        return 1

    

    y = 2


z = [

    1,


    2,

]
text = """


inside a string
    

"""
if x: pass


else: pass

try:

    pass


except ValueError:

    pass
   
finally:

    pass
@property

@staticmethod

def h(): pass
match x:

    case 1:

        pass


    case _:

        pass


   
	


