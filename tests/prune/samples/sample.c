/* Orders of a small shop. */
#include <stdio.h>
#include "store.h"

#define RETRIES 3

struct line {
    const char *article;
    double price;
};

enum kind { SMALL, LARGE };

static double rate(enum kind kind)
{
    switch (kind) {
    case SMALL:
        return 0.07;
    case LARGE:
        audit(2);
        break;
    default:
        return 0;
    }
    return 0.05;
}

/* The price of an order. */
double total(const struct line *lines, int count, double (*discount)(double))
{
    double amount = 0, *end;
    int i;
    for (i = 0; i < count; i++) {
        if (lines[i].price < 0) {
            fprintf(stderr, "line %d has a negative price\n", i);
            goto failed;
        } else if (lines[i].price == 0)
            continue;
        amount += lines[i].price * (1 + rate(SMALL));
    }
    end = &amount;
    *end -= discount ? discount(amount) : 0;
    return amount;
failed:
    return -1;
}

int reserve(struct store *store, int left)
{
    do {
        left--;
        store->stock[left] = 0;
    } while (left > 0);
    while (1) {
        if (!take(store))
            break;
    }
    return store->size;
}

#ifdef TEST
int main(void) { return reserve(0, RETRIES); }
#endif
