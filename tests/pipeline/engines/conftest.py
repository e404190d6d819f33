"""The jobs here are programs that `test_datasets_engines.py` starts; pytest must not import them in search of doctests."""

collect_ignore_glob = ["*_job.py"]
