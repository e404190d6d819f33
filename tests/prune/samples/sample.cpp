// Orders of a small shop
#include <string>
#include <vector>

namespace shop {

using std::string;

class OutOfStock : public std::exception {
public:
    explicit OutOfStock(string article) : article_(article) {}
    const char* what() const noexcept override { return article_.c_str(); }

private:
    string article_;
};

template <typename Line>
double total(const std::vector<Line>& lines, double discount = 0) {
    double amount = 0;
    for (const auto& line : lines) {
        if (line.price < 0) {
            throw OutOfStock("negative " + line.article);
        }
        amount += line.price;
    }
    for (int i = 0; i < 3; ++i) amount -= discount;
    return amount;
}

bool reserve(Store& store, int left) {
    auto audit = [&](int size) { store.audit(size); };
    while (left > 0) {
        try {
            store.take<int>(left);
            return true;
        } catch (const OutOfStock& problem) {
            log(problem.what());
            --left;
        } catch (...) {
            throw;
        }
    }
    switch (store.kind()) {
    case 1:
        audit(1);
        break;
    default:
        audit(R"(all "of" them)");
    }
    auto* copy = new Store(store);
    delete copy;
    return false;
}

}  // namespace shop
