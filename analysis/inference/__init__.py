"""How sure an estimate is: long-run variances, resampling, many tests at once, imputations."""
