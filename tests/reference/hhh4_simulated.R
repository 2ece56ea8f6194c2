# Rscript tests/reference/hhh4_simulated.R > tests/reference/hhh4_simulated.json
# Counts of ten units in two rows of five, simulated here, and what surveillance::hhh4 finds in them.
suppressMessages(library(surveillance))
set.seed(20260413)
n <- 160; units <- 10
place <- cbind(rep(1:5, 2), rep(1:2, each = 5))
order <- as.matrix(dist(place, method = "manhattan"))
dimnames(order) <- list(letters[1:units], letters[1:units])
fraction <- (1:units) / sum(1:units)
weights <- (order == 1) / rowSums(order == 1)
y <- matrix(0, n, units, dimnames = list(NULL, letters[1:units]))
y[1, ] <- 3
for (t in 2:n) {
  background <- 20 * fraction * exp(0.003 * t + 0.4 * sin(2 * pi * t / 40))
  mu <- 0.35 * y[t - 1, ] + 0.25 * y[t - 1, ] %*% weights + background
  y[t, ] <- rnbinom(units, size = 1 / seq(0.1, 0.6, length.out = units), mu = mu)
}
gaps <- y
gaps[c(31:34, 90), ] <- NA
make <- function(counts) sts(counts, neighbourhood = order, population = matrix(fraction, n, units, byrow = TRUE))
season <- ~ 1 + t + sin(2 * pi * t / 40) + cos(2 * pi * t / 40)
control <- function(..., weights = order == 1, normalize = TRUE, end = season, offset = fraction)
  list(ar = list(f = ~ 1), end = list(f = end, offset = matrix(offset, n, units, byrow = TRUE)),
       ne = list(f = ~ 1, weights = weights, normalize = normalize), ...,
       optimizer = list(stop = list(tol = 1e-8, niter = 300),
                        regression = list(method = "nlminb", rel.tol = 1e-10)))
tell <- function(fit) {
  random <- fit$dim["random"] > 0
  both <- if (random) fixef(fit, se = TRUE) else coef(fit, se = TRUE)
  out <- list(coefficients = as.list(both[, 1]), se = as.list(both[, 2]),
              loglik = c(fit$loglikelihood), nobs = sum(!is.na(residuals(fit))),
              fitted_colsums = unname(colSums(fitted(fit), na.rm = TRUE)))
  if (random) out <- c(out, list(ranef = as.list(ranef(fit)), sd_log = as.list(fit$Sigma.orig),
                                 margll = c(fit$margll)))
  else out$max_ev <- surveillance:::getMaxEV(fit)[1]
  out
}
fits <- list(
  poisson = hhh4(make(y), control(family = "Poisson")),
  negbin1 = hhh4(make(y), control(family = "NegBin1")),
  negbinM = hhh4(make(y), control(family = "NegBinM")),
  raw_weights = hhh4(make(y), control(family = "NegBin1", normalize = FALSE)),
  power_law = hhh4(make(y), control(family = "NegBin1", weights = W_powerlaw(4, normalize = TRUE))),
  power_law_raw = hhh4(make(y), control(family = "NegBin1", normalize = FALSE,
                                        weights = W_powerlaw(3, normalize = FALSE))),
  unit_intercepts = hhh4(make(y), control(family = "NegBin1", offset = rep(1, units),
    end = ~ -1 + fe(1, unitSpecific = TRUE) + t + sin(2 * pi * t / 40) + cos(2 * pi * t / 40))),
  gaps = hhh4(make(gaps), control(family = "NegBin1")),
  gaps_negbinM = hhh4(make(gaps), control(family = "NegBinM")),
  random_end = hhh4(make(y), control(family = "NegBin1", offset = rep(1, units),
    end = ~ -1 + ri(type = "iid") + t + sin(2 * pi * t / 40) + cos(2 * pi * t / 40))))
ahead <- oneStepAhead(fits$negbinM, tp = c(150, 159), type = "rolling", verbose = FALSE)
cat(jsonlite::toJSON(list(
  made_with = paste(R.version.string, "with surveillance", packageVersion("surveillance")),
  counts = y, gap_rows = c(31:34, 90), order = unname(order), fraction = fraction,
  fits = lapply(fits, tell),
  rolling = list(first_row = 151, pred = unname(ahead$pred), minus_log_overdisp = unname(ahead$psi))
), auto_unbox = TRUE, digits = NA, na = "null"))
