//! Orders of a small shop.
use std::collections::HashMap;

const RETRIES: u32 = 3;

/// One line of an order.
#[derive(Debug, Clone)]
pub struct Line {
    pub article: String,
    pub price: f64,
}

pub enum Problem {
    OutOfStock(String),
    Negative { line: usize },
}

impl Store {
    /// The price of an order.
    pub fn total<F>(&self, lines: &[Line], discount: Option<F>) -> Result<f64, Problem>
    where
        F: Fn(f64) -> f64,
    {
        let mut amount = 0.0;
        for (number, line) in lines.iter().enumerate() {
            if line.price < 0.0 {
                return Err(Problem::Negative { line: number });
            } else if line.price == 0.0 {
                continue;
            }
            amount += line.price;
        }
        let (low, high) = (0.0, amount);
        match discount {
            Some(cut) if high > low => Ok(amount - cut(amount)),
            Some(_) | None => Ok(amount),
        }
    }

    fn reserve(&mut self, order: &HashMap<String, u32>) -> bool {
        let mut left = RETRIES;
        'outer: loop {
            for (article, count) in order {
                if self.stock[article] < *count {
                    break 'outer;
                }
                *self.stock.get_mut(article).unwrap() -= count;
            }
            left -= 1;
            while let Some(held) = self.locks.pop() {
                println!("released {}", held);
            }
        }
        let audit = |size: u32| {
            self.audit(size);
        };
        audit(left);
        left > 0
    }
}
