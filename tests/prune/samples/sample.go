// Package orders holds the orders of a small shop.
package orders

import (
	"errors"
	"fmt"
)

const retries = 3

var ErrOutOfStock = errors.New("out of stock")

// Line is one line of an order.
type Line struct {
	Article string
	Price   float64
}

// Total is the price of an order.
func (s *Store) Total(lines []Line, discount func(float64) float64) (amount float64, err error) {
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if line.Price < 0 {
			return 0, fmt.Errorf("line %d has a negative price", i)
		} else if line.Price == 0 {
			continue
		}
		amount += line.Price
	}
	if discount != nil {
		amount -= discount(amount)
	}
	return amount, nil
}

func (s *Store) Reserve(order map[string]int, done chan bool) error {
	defer s.release()
	left := retries
outer:
	for {
		for article, count := range order {
			if s.stock[article] < count {
				break outer
			}
			s.stock[article] -= count
		}
		left--
		if left == 0 {
			return ErrOutOfStock
		}
	}
	switch kind := s.kind(); kind {
	case "small":
		s.audit(1)
		fallthrough
	case "large":
		s.audit(2)
	default:
		panic("kind")
	}
	select {
	case ok := <-done:
		fmt.Println(ok)
	default:
		go func() { done <- true }()
	}
	return nil
}
