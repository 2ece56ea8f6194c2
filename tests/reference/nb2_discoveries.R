# Rscript tests/reference/nb2_discoveries.R > tests/reference/nb2_discoveries.json
suppressMessages({library(MASS); library(sandwich)})
y <- as.numeric(datasets::discoveries)
t <- (seq_along(y) - 1) / 100
fit <- glm.nb(y ~ t, control = glm.control(epsilon = 1e-13, maxit = 200))
nw <- function(lag) unname(sqrt(diag(NeweyWest(fit, lag = lag, prewhite = FALSE))))
cat(jsonlite::toJSON(list(
  made_with = paste(R.version.string, "with MASS", packageVersion("MASS"),
                    "and sandwich", packageVersion("sandwich")),
  note = "yearly counts 1860-1959; se_fixed_theta is that of summary.glm",
  counts = y, time = t, coef = unname(coef(fit)),
  se_fixed_theta = unname(sqrt(diag(vcov(fit)))),
  theta = fit$theta, loglik = c(logLik(fit)),
  newey_west_lag4 = nw(4), newey_west_lag7 = nw(7)
), auto_unbox = TRUE, digits = NA, pretty = TRUE))
