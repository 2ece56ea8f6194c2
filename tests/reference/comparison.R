# Rscript tests/reference/comparison.R > tests/reference/comparison.json
suppressMessages({library(MASS); library(mice)})
# Lip cancer in the 56 counties of Scotland, 1975-1980 (Clayton & Kaldor 1987, table 1): registered
# cases and the number expected from the age of the population.
observed <- c(9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16,
  11, 5, 3, 7, 8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0)
expected <- c(1.38, 8.66, 3.04, 2.53, 4.26, 2.40, 8.11, 2.30, 1.98, 6.63, 4.40, 1.79, 1.08, 3.31, 7.84, 4.55,
  1.07, 4.18, 5.53, 4.44, 10.46, 22.67, 8.77, 5.62, 15.47, 12.49, 6.04, 8.96, 14.37, 10.20, 4.75, 2.88, 7.03,
  8.53, 12.32, 10.10, 12.68, 9.35, 7.20, 5.27, 18.76, 15.78, 4.32, 14.63, 50.72, 8.20, 5.59, 9.34, 88.66, 19.62,
  3.44, 3.62, 5.74, 7.03, 4.16, 1.76)
fit <- glm.nb(observed ~ 1 + offset(log(expected)), control = glm.control(epsilon = 1e-13, maxit = 500))
shape <- fit$theta
mean <- unname(exp(coef(fit)))
# Rubin's rules with Barnard and Rubin's degrees of freedom; n - k are those of the complete data.
pool <- function(q, u, df) {
  p <- pool.scalar(q, u, n = df + 1, k = 1)
  list(q = q, u = u, df = df, estimate = p$qbar, variance = p$t, pooled_df = p$df)
}
cat(jsonlite::toJSON(list(
  made_with = paste(R.version.string, "with MASS", packageVersion("MASS"), "and mice", packageVersion("mice")),
  lip_cancer = list(observed = observed, expected = expected, shape = shape, mean = mean,
                    relative_risk = (observed + shape) / (expected + shape / mean)),
  pooled = list(
    pool(c(1.02, 0.91, 1.13, 0.98, 1.05), c(0.031, 0.028, 0.035, 0.030, 0.029), 20),
    pool(c(-0.4, 0.3, 0.1), c(0.02, 0.03, 0.01), 6.7),
    pool(c(2.1, 2.0, 2.2, 2.05), c(0.5, 0.4, 0.45, 0.6), 1e9)
  ),
  ratio = list(
    list(x = 11, y = 3, time_x = 2, time_y = 1.5,
         interval = poisson.test(c(11, 3), c(2, 1.5))$conf.int[1:2]),
    list(x = 0, y = 7, time_x = 1, time_y = 1, interval = poisson.test(c(0, 7), c(1, 1))$conf.int[1:2]),
    list(x = 250, y = 310, time_x = 1, time_y = 3, interval = poisson.test(c(250, 310), c(1, 3))$conf.int[1:2])
  )
), auto_unbox = TRUE, digits = NA, pretty = TRUE))
