# Child process of family.bench.ts: fits each feature of the table in a folder with mgcv or lme4 and reports on itself.
#     Rscript family-peer.R mgcv|lmer FOLDER OUTPUT
arguments <- commandArgs(trailingOnly = TRUE)
tool <- arguments[1]
folder <- arguments[2]
suppressMessages(library(if (tool == "mgcv") "mgcv" else "lme4", character.only = TRUE))
rows <- read.csv(file.path(folder, "rows.csv"), stringsAsFactors = TRUE)
n <- nrow(rows)
file <- file.path(folder, "values.f64")
values <- readBin(file, "double", file.size(file) / 8, endian = "little")
table <- matrix(values, nrow = n, byrow = TRUE)
fit <- if (tool == "mgcv") {
  function(y) {
    found <- gam(y ~ sex + site + s(age, bs = "ps", k = 10), data = rows, method = "REML")
    sum(found$edf[grepl("^s\\(", names(coef(found)))])
  }
} else {
  function(y) REMLcrit(lmer(y ~ age + sex + time + site + (1 | person), data = rows, REML = TRUE))
}
taken <- system.time(found <- suppressMessages(suppressWarnings(apply(table, 2, fit))))
writeBin(found, arguments[3], endian = "little")
cat(sprintf('{"seconds": %f, "user": %f, "base": 0, "peak": 0}\n', taken[["elapsed"]], taken[["user.self"]]))
