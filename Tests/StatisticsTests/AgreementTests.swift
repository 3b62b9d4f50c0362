import Statistics
import Testing

/// Agreement with scipy on random tables.
@Suite struct AgreementTests {
    /// What differs over all tables.
    private func agreement(
        tolerance: Double = 1e-9, _ check: (Table, inout Agreement) throws -> Void
    ) throws -> Agreement {
        let tables = try Table.all()
        #expect(tables.count == 200)
        var agreement = Agreement(tolerance: tolerance)
        for table in tables { try check(table, &agreement) }
        return agreement
    }

    @Test func distributionsAgreeOnTails() throws {
        let agreement = try agreement(tolerance: 2e-12) { table, agreement in
            for law in table.distributions {
                let ours = try #require(law.distribution)
                agreement.check("\(law.name) cumulative", ours.cumulative(law.x), law.cumulative)
                agreement.check("\(law.name) survival", ours.survival(law.x), law.survival)
            }
        }
        #expect(agreement.compared == 2000)
        #expect(agreement.differences == [])
    }

    /// Scipy's own densities lose digits where its logarithms of the gamma function are large.
    @Test func distributionsAgreeOnDensity() throws {
        let agreement = try agreement { table, agreement in
            for law in table.distributions {
                let ours = try #require(law.distribution)
                agreement.check("\(law.name) density", ours.density(law.x), law.density)
            }
        }
        #expect(agreement.compared == 1000)
        #expect(agreement.differences == [])
    }

    @Test func distributionsAgreeOnQuantilesFromBothSides() throws {
        let agreement = try agreement(tolerance: 1e-11) { table, agreement in
            for law in table.distributions {
                let ours = try #require(law.distribution)
                agreement.check("\(law.name) \(law.parameters) quantile \(law.p)", ours.quantile(law.p), law.quantile)
                agreement.check(
                    "\(law.name) \(law.parameters) upper \(law.p)", ours.quantile(survival: law.p), law.upper)
            }
        }
        #expect(agreement.differences == [])
    }

    @Test func theBinomialAgrees() throws {
        let agreement = try agreement(tolerance: 1e-11) { table, agreement in
            let law = table.binomial
            let ours = try #require(BinomialDistribution(trials: law.n, probability: law.p))
            agreement.check("mass", ours.mass(law.k), law.mass)
            agreement.check("cumulative", ours.cumulative(law.k), law.cumulative)
            agreement.check("survival", ours.survival(law.k), law.survival)
            #expect(ours.quantile(law.level) == law.quantile)
        }
        #expect(agreement.differences == [])
    }

    @Test func intervalsAgree() throws {
        let agreement = try agreement { table, agreement in
            let share = try #require(Proportion(successes: table.proportion.successes, of: table.proportion.trials))
            agreement.check("Wilson", share.wilson(confidence: table.confidence), table.proportion.wilson)
            let mean = try RunningSummary(table.mean.values)
            agreement.check("mean", mean.mean, table.mean.mean)
            agreement.check("deviation", mean.standardDeviation, table.mean.deviation)
            agreement.check("mean", mean.interval(confidence: table.confidence), table.mean.interval)
            let clustered = try ClusteredSample(table.clustered.values, clusters: table.clustered.clusters)
            agreement.check("clustered error", clustered.standardError, table.clustered.error)
            agreement.check("effective", clustered.effectiveCount, table.clustered.effective)
            agreement.check("clustered t", clustered.interval(confidence: table.confidence), table.clustered.interval)
            agreement.check("clustered Wilson", clustered.wilson(confidence: table.confidence), table.clustered.wilson)
        }
        #expect(agreement.differences == [])
    }

    @Test func comparisonsAgree() throws {
        let agreement = try agreement { table, agreement in
            let paired = try PairedComparison(table.paired.first, table.paired.second)
            agreement.check("t", paired.tTest?.statistic, table.paired.statistic)
            agreement.check("p", paired.tTest?.pValue, table.paired.p)
            agreement.check("paired", paired.interval(confidence: table.confidence), table.paired.interval)
            agreement.check("McNemar", McNemar.pValue(table.mcnemar.flips[0], table.mcnemar.flips[1]), table.mcnemar.p)
            for (ours, theirs) in zip(try Holm.adjusted(table.holm.values), table.holm.adjusted) {
                agreement.check("Holm", ours, theirs)
            }
            let kappa = try CohenKappa(table.kappa.first, table.kappa.second).kappa
            agreement.check("kappa", kappa, table.kappa.kappa)
        }
        #expect(agreement.differences == [])
    }

    @Test func theBootstrapDrawsAsScipyDoesWithOurGenerator() throws {
        let agreement = try agreement { table, agreement in
            let mean = try #require(Bootstrap(seed: table.bootstrap.seed, resamples: 299))
            agreement.check(
                "mean", try mean.meanInterval(of: table.mean.values, confidence: table.confidence), table.bootstrap.mean
            )
            let median = try #require(Bootstrap(seed: table.bootstrap.seed, resamples: 99))
            let interval = try median.interval(of: table.mean.values, confidence: table.confidence) { values in
                (try? SortedSample(values))?.quantile(0.5) ?? .nan
            }
            agreement.check("median", interval, table.bootstrap.median)
        }
        #expect(agreement.differences == [])
    }

    @Test func passRatesAndQuantilesAgree() throws {
        let agreement = try agreement { table, agreement in
            let pass = table.pass
            agreement.check("pass@k", PassRate.any(of: pass.k, correct: pass.c, samples: pass.n), pass.any)
            agreement.check("pass^k", PassRate.all(of: pass.k, correct: pass.c, samples: pass.n), pass.all)
            let sample = try SortedSample(table.quantile.values)
            agreement.check("quantile", sample.quantile(table.quantile.p), table.quantile.quantile)
            agreement.check(
                "bounds", sample.bounds(table.quantile.p, confidence: table.confidence), table.quantile.bounds)
        }
        #expect(agreement.differences == [])
    }

    /// The harness finds formulas that are nearly right: Wald's interval, 1.96 for the quantile, the population's deviation.
    @Test func nearlyRightFormulasAreFound() throws {
        let agreement = try agreement { table, agreement in
            guard let share = Proportion(successes: table.proportion.successes, of: table.proportion.trials)?.value
            else {
                return
            }
            let half = 1.96 * (share * (1 - share) / Double(table.proportion.trials)).squareRoot()
            agreement.check("Wald", Interval(share - half, share + half), table.proportion.wilson)
            let count = Double(table.mean.values.count)
            let population = try RunningSummary(table.mean.values).standardDeviation.map {
                $0 * ((count - 1) / count).squareRoot()
            }
            agreement.check("population", population, table.mean.deviation)
            agreement.check("a little off", table.paired.p * (1 + 2e-9), table.paired.p)
        }
        #expect(agreement.differences.count { $0.hasPrefix("Wald") } > 350)
        #expect(agreement.differences.count { $0.hasPrefix("population") } > 190)
        #expect(agreement.differences.count { $0.hasPrefix("a little off") } == 200)
    }
}
