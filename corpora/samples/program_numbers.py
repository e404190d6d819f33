"""Number crunching in the terse style of contest solutions and notebooks."""
import sys,itertools,heapq
from functools import lru_cache
from math import gcd,inf
MOD=10**9+7

def sieve(n):
  is_prime=[True]*(n+1);is_prime[:2]=[False]*2
  for p in range(2,int(n**.5)+1):
    if is_prime[p]:is_prime[p*p::p]=[False]*len(is_prime[p*p::p])
  return [i for i,x in enumerate(is_prime)if x]

def power(a,b,m=MOD):
  r=1
  while b:
    if b&1:r=r*a%m
    a=a*a%m;b>>=1
  return r

class Matrix:
  def __init__(self,rows):self.rows=[list(r)for r in rows]
  def __matmul__(self,o):return Matrix([[sum(a*b for a,b in zip(r,c))%MOD for c in zip(*o.rows)]for r in self.rows])
  def __pow__(self,n):
    r=Matrix([[+(i==j)for j in range(len(self.rows))]for i in range(len(self.rows))]);b=self
    while n:
      if n%2:r@=b
      b@=b;n//=2
    return r
  def __repr__(self):return'Matrix(%r)'%self.rows

@lru_cache(None)
def ways(n,coins=(1,2,5)):
  return 1 if n==0 else 0 if n<0 or not coins else ways(n-coins[-1],coins)+ways(n,coins[:-1])

def dijkstra(graph,start):
  best={start:0};heap=[(0,start)]
  while heap:
    d,u=heapq.heappop(heap)
    if d>best.get(u,inf):continue
    for v,w in graph.get(u,{}).items():
      if(nd:=d+w)<best.get(v,inf):best[v]=nd;heapq.heappush(heap,(nd,v))
  return best

def bits(x):
  while x:
    yield x&-x
    x&=x-1

solve=lambda a,b:(a*b//gcd(a,b),a^b,a|b,a&~b,a<<1|1,-a//b,-(a//b))
grid=[[0]*8for _ in range(8)];dirs=[(i,j)for i in(-1,0,1)for j in(-1,0,1)if i or j]
for y,x in itertools.product(range(8),repeat=2):grid[y][x]=(y^x)&1
read=lambda:map(int,sys.stdin.readline().split())
if __name__=='__main__':
  print(sieve(50)[-1],power(3,100),(Matrix([[1,1],[1,0]])**10).rows[0][1],ways(100))
  print(dijkstra({0:{1:4,2:1},2:{1:2}},0),[*bits(0b1011)],solve(12,18))
  print(*map(''.join,[['.#'[c]for c in r]for r in grid]),sep='\n')
