# Words, strings and brackets that touch: the fewest blanks Python allows.
from math import*
from math import(pi)
from os.path import(join,split)
from.import a
from.mod import a
from..mod import(a)
from...import*
x=[1,2];y={1:2};z=None;s="text"
"a"if x else"b"
x if"a"else y
x if s in"a"else b'b'
x if r'a'else f'b'
s in"text"and"a"or"b"
not"a"
not'a'in"b"
not(x)
not[x]
not{x}
not-1
-1if x else+1
x is(y)
x is not(y)
x in[1]
x in(1,2)
x in{1:2}
x not in(y)
(x)if(y)else(z)
[x]if[y]else[z]
{x}and{y}or{z}
(x)and(y)or(z)
x[0]if y[1]else z
x[0]in y[1]
lambda:0
lambda x:x
lambda*a:a
lambda**k:k
lambda*,k:k
lambda:(yield)
lambda:"a"
lambda:[x]
print(*"ab",**{})
print(*[x],*(y))
print(*x,sep="")
[*x,*y]
{**y,**y}
[x for(x)in(y)]
[x for[x]in[y]]
[x for*x,in[y]if(x)if[x]if"a"if not"b"]
{x:y for(x,y)in[]}
(x for x in"abc"if"a"in x)
x@y if 0 else 0
x=-1;x=+1;x=~1
x+=-1;x-=+1;x**=-1;x//=~1
x=y=[];x=*y,
x:int=1
x:(int)
x:"int"="a"
del(x)
x=[1]
del[x]
x,y=[1],{}
del x[0],y
assert(x)
assert[x],"a"
assert"a","b"
assert not x,(y)
import os;import sys
if(x):pass
elif[x]:pass
elif"a":pass
elif not x:pass
elif-1:pass
else:pass
while(x):break
while[x]:break
while"":pass
for(x)in(y):pass
for[x]in[y]:pass
for*x,in[y]:pass
for x in"abc":pass
for x in-1,:pass
for x in*y,1:pass
with(a)as(b):pass
with open("f")as(b),open('g')as c:pass
with[a][0]as b:pass
with"a"as b:pass
try:pass
except(A):pass
except(A,B)as e:pass
except[A][0]:pass
except:pass
try:raise(E)from(e)
except*A:pass
except*(A,B)as e:pass
def f(*,a=-1,**k)->"a":return-1
def g(*a:(int),b:"int"="x")->(int):return(a)
def h(a,/,b):return"a"
def i():return[a];return{a};return not a;return*a,;return~a;return...
def j():yield(1);yield[1];yield"a";yield-1;yield*a,;yield from(a);yield from[a];yield from"a"
async def k():await(x);await[x];return await(x)
async def l():
 async for(x)in(y):await(x)
 async with(a)as(b):[x async for(x)in(y)]
@(lambda f:f)
@[f][0]
class A():pass
class B(A,metaclass=type):x=1;y=2
raise(E)
raise E("a")from None
raise"a"from"b"
global_=nonlocal_=0
def m():global x;nonlocal_=1;return x
x=not(y)==(z)
x=(y)if(z)else(lambda:0)
x=y<-z;x=y>-z;x=y==-z;x=y!=-z;x=y<=~z;x=y*-z;x=y**-z;x=y@-z
x=y if z else-z;x=y and-z;x=y or~z;x=y in-z,;x=y is-z
x=rb'a'b'b';x=b'a'rb"b";x='a'f'b'rf"c"u'd'
x=s[:-1];x=s[-1:];x=s[::-1];x=s[~0];x=s["a":];x=s[x:=1]
x=f"{x}"f'{y}'"z"
(x:=1);[x:=1,y];print(x:=1)
