// Orders of a small shop
using System;
using System.Collections.Generic;

namespace Shop
{
    /// <summary>Orders of a small shop.</summary>
    [Serializable]
    public class Orders<T> : IDisposable where T : Line
    {
        private const int Retries = 3;
        public int Count { get; private set; }

        public Orders(Store store)
        {
            this.store = store;
        }

        public double Total(IList<T> lines, Func<double, double> discount = null)
        {
            double amount = 0;
            for (int i = 0; i < lines.Count; i++)
            {
                if (lines[i].Price < 0)
                {
                    throw new ArgumentException($"line {i} has a negative price");
                }
                else if (lines[i].Price == 0) continue;
                amount += lines[i].Price;
            }
            foreach (var line in lines) Log.Info("read", line);
            return discount == null ? amount : amount - discount(amount);
        }

        public bool Reserve(T order, out int left)
        {
            left = Retries;
            while (true)
            {
                try
                {
                    do { left--; store.Take(order); } while (left > 0);
                    lock (this) { Count++; }
                    break;
                }
                catch (OutOfStock problem) when (left > 0)
                {
                    Log.Warn(problem);
                }
                finally
                {
                    store.Release();
                }
            }
            using (var held = store.Lock()) { held.Audit(); }
            switch (order.Kind)
            {
                case Kind.Small:
                    return false;
                default:
                    break;
            }
            var size = order.Kind switch { Kind.Small => 1, _ => 2 };
            return size > 1;
        }

        public void Dispose() => store.Close();
    }
}
