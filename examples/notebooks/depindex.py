"""Who pays for each network? Needs pandas (and matplotlib for the chart): python depindex.py [http://host:port]"""
import io
import sys
import urllib.request

import pandas as pd

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4000"
url = f"{server}/v1/metrics.csv?shape=wide&notes=false&metrics=fees_usd,emissions_usd"
with urllib.request.urlopen(url) as answer:
    daily = pd.read_csv(io.BytesIO(answer.read()), parse_dates=["date"], index_col="date")
# A ratio of a window is a ratio of sums; a day that is not known makes its window unknown (min_periods), never zero.
window = daily.rolling(30, min_periods=30).sum()
networks = sorted({column.split(".")[0] for column in daily})
ratio = pd.DataFrame({n: window[f"{n}.emissions_usd"] / window[f"{n}.fees_usd"] for n in networks})
print(ratio.dropna(how="all").tail())
if "--chart" in sys.argv:
    ratio.plot(title="Dollars emitted for each dollar paid, 30 days").figure.savefig("subsidy.png")
