"""A Spark job on two cores: python spark_job.py EXAMPLE IN OUT, as ray_job.py, without a death."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from slimgrammar.pipeline.datasets import Options
from slimgrammar.pipeline.datasets.batches import MapRows
from slimgrammar.pipeline.datasets.spark import map_frame

example, source, out = map(Path, sys.argv[1:])
os.environ["PYSPARK_PYTHON"] = sys.executable
settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.bindAddress": "127.0.0.1"}
spark = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
exec(example.read_text(encoding="utf-8"), {"spark": spark})

rows = [json.loads(line) for line in source.read_bytes().splitlines()]
frame = spark.createDataFrame([(row["id"], row["text"], row["lang"]) for row in rows], "id int, text string, lang string")
made = map_frame(frame.repartition(2), MapRows(language_column="lang"))
back = map_frame(made, MapRows(Options("decode"), column="slim_text", into="back"))
result = {"rows": [row.asDict() for row in made.collect()], "back": [row.asDict() for row in back.collect()]}
out.write_text(json.dumps(result), encoding="utf-8")
spark.stop()
