# Who pays for each network? Base R: Rscript depindex.R [http://host:port]
args <- commandArgs(trailingOnly = TRUE)
server <- if (length(args) > 0) args[1] else "http://127.0.0.1:4000"
url <- paste0(server, "/v1/metrics.csv?metrics=fees_usd,emissions_usd&granularity=DAY")
# Decimals come as quoted text: exact until here, and turned into doubles only for the arithmetic below.
daily <- read.csv(url, colClasses = c(date = "Date", value = "character"))
daily$value <- as.numeric(daily$value)
wide <- reshape(daily[c("date", "network", "metric", "value")], idvar = c("date", "network"),
                timevar = "metric", direction = "wide")
window <- function(x) as.numeric(stats::filter(x, rep(1, 30), sides = 1)) # NA where a day is not known
by_network <- split(wide, wide$network)
ratio <- do.call(rbind, lapply(by_network, function(n) {
  n <- n[order(n$date), ]
  if (nrow(n) < 30) return(NULL)
  data.frame(date = n$date, network = n$network,
             subsidy_ratio = window(n$value.emissions_usd) / window(n$value.fees_usd))
}))
print(tail(ratio[!is.na(ratio$subsidy_ratio), ]))
