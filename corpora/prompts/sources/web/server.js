const express = require("express");
const rateLimit = require("express-rate-limit");
const { body, validationResult } = require("express-validator");

const db = require("./db");
const logger = require("./logger");

const app = express();

app.use(express.json({ limit: "100kb" }));
app.use(rateLimit({ windowMs: 60 * 1000, max: 120 }));

// Every request gets an id, which is in all of its log lines
app.use((req, res, next) => {
  req.id = req.get("X-Request-Id") || Math.random().toString(36).slice(2, 10);
  res.set("X-Request-Id", req.id);
  const started = process.hrtime.bigint();
  res.on("finish", () => {
    const ms = Number(process.hrtime.bigint() - started) / 1e6;
    logger.info({ id: req.id, method: req.method, path: req.path, status: res.statusCode, ms });
  });
  next();
});

function asyncHandler(handler) {
  return (req, res, next) => Promise.resolve(handler(req, res, next)).catch(next);
}

app.get(
  "/products",
  asyncHandler(async (req, res) => {
    const limit = Math.min(parseInt(req.query.limit, 10) || 20, 100);
    const offset = parseInt(req.query.offset, 10) || 0;
    const rows = await db.query(
      "SELECT id, name, price, stock FROM products WHERE deleted_at IS NULL ORDER BY name LIMIT $1 OFFSET $2",
      [limit, offset]
    );
    res.json({ items: rows, limit, offset });
  })
);

app.post(
  "/products",
  body("name").isString().isLength({ min: 1, max: 200 }),
  body("price").isFloat({ min: 0 }),
  body("stock").isInt({ min: 0 }),
  asyncHandler(async (req, res) => {
    const errors = validationResult(req);
    if (!errors.isEmpty()) {
      return res.status(422).json({ errors: errors.array() });
    }
    const { name, price, stock } = req.body;
    const [product] = await db.query(
      "INSERT INTO products (name, price, stock) VALUES ($1, $2, $3) RETURNING id, name, price, stock",
      [name, price, stock]
    );
    res.status(201).location(`/products/${product.id}`).json(product);
  })
);

app.use((error, req, res, next) => {
  logger.error({ id: req.id, error: error.message, stack: error.stack });
  if (res.headersSent) {
    return next(error);
  }
  res.status(error.status || 500).json({ error: "internal error", id: req.id });
});

module.exports = app;

if (require.main === module) {
  const port = process.env.PORT || 3000;
  app.listen(port, () => logger.info({ message: `listening on ${port}` }));
}
