package shop.orders;

import java.util.List;
import java.util.function.Function;

/** Orders of a small shop. */
@Service
public class Orders<T extends Order> implements AutoCloseable {
    private static final int RETRIES = 3;
    private final Store store;

    /** Makes the orders of a store. */
    public Orders(Store store) {
        this.store = store;
    }

    @Override
    public double total(List<T> lines, Function<Double, Double> discount) throws OutOfStock {
        double amount = 0;
        for (int i = 0; i < lines.size(); i++) {
            T line = lines.get(i);
            if (line.price() < 0) {
                throw new IllegalArgumentException("line " + i + " has a negative price");
            } else if (line.price() == 0) continue;
            amount += line.price() * (1 + rate(line.kind()));
        }
        for (T line : lines) log.info("read {}", line);
        return discount == null ? amount : amount - discount.apply(amount);
    }

    private double rate(String kind) {
        switch (kind) {
            case "books":
                return 0.07;
            case "food":
            case "drinks":
                log.debug("food");
                break;
            default:
                return 0;
        }
        return 0.05;
    }

    boolean reserve(T order) {
        int left = RETRIES;
        outer:
        while (true) {
            try (Lock lock = store.lock()) {
                do {
                    store.take(order, x -> x > 1);
                    left--;
                } while (left > 0);
                synchronized (this) { left = 0; }
                break outer;
            } catch (OutOfStock | TimeoutException problem) {
                log.warn("stock", problem);
                if (--left == 0) return false;
            } finally {
                store.release();
            }
        }
        int size = switch (order.kind()) { case SMALL -> 1; case LARGE -> { yield 3; } default -> 2; };
        assert size > 0 : "size";
        Runnable later = () -> { store.audit(size); };
        later.run();
        return true;
    }

    @Override public void close() { }
}
