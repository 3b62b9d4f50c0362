import Statistics
import Testing

@Suite struct DistributionTests {
    private static func all() throws -> [(name: String, law: any ContinuousDistribution, range: ClosedRange<Double>)] {
        [
            ("normal", NormalDistribution.standard, -8...8),
            ("student 1", try #require(StudentDistribution(degreesOfFreedom: 1)), -50...50),
            ("student 4.5", try #require(StudentDistribution(degreesOfFreedom: 4.5)), -20...20),
            ("student 1e6", try #require(StudentDistribution(degreesOfFreedom: 1e6)), -8...8),
            ("beta 0.5 0.5", try #require(BetaDistribution(0.5, 0.5)), 0...1),
            ("beta 3 900", try #require(BetaDistribution(3, 900)), 0...0.1),
            ("gamma 0.3", try #require(GammaDistribution(shape: 0.3)), 0...30),
            ("gamma 5000", try #require(GammaDistribution(shape: 5000)), 4000...6000),
            ("chi-square 7", try #require(GammaDistribution.chiSquare(degreesOfFreedom: 7)), 0...90),
        ]
    }

    @Test func cumulativeRisesAndSurvivalCompletesIt() throws {
        for (name, law, range) in try Self.all() {
            var before = -1.0
            for step in 0...200 {
                let x = range.lowerBound + (range.upperBound - range.lowerBound) * Double(step) / 200
                let below = law.cumulative(x)
                // A unit of the last place of freedom where the rounding of two methods meets.
                #expect(below >= before - 1e-15, "\(name) at \(x)")
                #expect(abs(below + law.survival(x) - 1) < 1e-14, "\(name) at \(x)")
                #expect((0...1).contains(below), "\(name) at \(x)")
                before = below
            }
        }
    }

    @Test func quantilesGoBackToTheirProbability() throws {
        for (name, law, _) in try Self.all() {
            for p in [1e-200, 1e-12, 1e-4, 0.01, 0.25, 0.4999, 0.5, 0.5001, 0.75, 0.99] {
                let lower = law.quantile(p)
                // Where the place is no Double, or a Double next to 1 has no digits left, nothing can go back.
                if lower > 1e-300 || lower < 0, abs(lower) < 1e150 {
                    #expect(abs(law.cumulative(lower) / p - 1) < 1e-10, "\(name) at \(p): \(lower)")
                }
                let upper = law.quantile(survival: p)
                if !(name.hasPrefix("beta") && upper > 0.99), abs(upper) < 1e150 {
                    #expect(abs(law.survival(upper) / p - 1) < 1e-10, "\(name) above \(p): \(upper)")
                }
            }
        }
    }

    @Test func symmetricLawsAreSymmetric() throws {
        for degrees in [0.5, 1, 3, 29, 1e5] {
            let law = try #require(StudentDistribution(degreesOfFreedom: degrees))
            for x in [0, 1e-9, 0.3, 1, 4, 1000] {
                #expect(law.cumulative(-x) == law.survival(x))
                #expect(law.density(-x) == law.density(x))
            }
            #expect(law.quantile(0.5) == 0)
            #expect(law.quantile(0.1) == -law.quantile(survival: 0.1))
        }
        let beta = try #require(BetaDistribution(2.5, 8))
        let mirrored = try #require(BetaDistribution(8, 2.5))
        for x in [0.001, 0.2, 0.7, 0.9] {
            #expect(abs(beta.cumulative(x) - mirrored.survival(1 - x)) < 1e-14)
        }
    }

    /// Values of 30 digits by mpmath 1.3.0, rounded to what a Double holds.
    @Test func hardPlacesAreExact() throws {
        let student = try #require(StudentDistribution(degreesOfFreedom: 5))
        let most = try #require(StudentDistribution(degreesOfFreedom: 596_742_476.378275))
        let steep = try #require(BetaDistribution(6_110_138.207215044, 0.006929322631648664))
        let millions = try #require(GammaDistribution(shape: 9_118_992.892418087))
        let many = try #require(StudentDistribution(degreesOfFreedom: 9999))
        let wide = try #require(BinomialDistribution(trials: 1_000_000, probability: 0.3))
        let gamma = try #require(GammaDistribution(shape: 100_000))
        let cases: [(String, Double, Double)] = [
            ("normal far out", NormalDistribution.standard.survival(20), 2.753624118606233695076e-89),
            ("normal quantile", NormalDistribution.standard.quantile(1e-20), -9.262340089798407573717),
            ("Student far out", student.survival(40), 9.205981085886477177645e-8),
            ("Student quantile", student.quantile(survival: 1e-15), 1568.391192822877365767),
            ("binomial mass", wide.mass(300_500), 0.0004799181645956632025766),
            ("binomial tail", wide.cumulative(298_000), 0.000006329968404771926885202),
            ("gamma above", gamma.survival(101_000), 0.0008084215129255907324688),
            ("gamma below", gamma.cumulative(99_000), 0.0007574199211747679741185),
            ("Student of many degrees", most.survival(3.539954987858632), 0.000200097656168422263),
            ("beta near 1", steep.cumulative(0.9999999986922813), 0.0291272188561888218),
            ("gamma of millions", millions.cumulative(9_103_330.102558477), 1.05363784201655495e-7),
            ("gamma density", gamma.density(100_500), 0.0003611422847774010221979),
            ("Student density", many.density(2.5), 0.01753950145169475137924),
            (
                "beta at its edge", try #require(BetaDistribution(0.5, 0.5)).cumulative(1e-30),
                6.366197723675813430755e-16
            ),
        ]
        for (name, ours, exact) in cases {
            #expect(abs(ours / exact - 1) < 1e-12, "\(name): \(ours), not \(exact)")
        }
    }

    @Test func endsAndNonsenseHaveDefinedAnswers() throws {
        for (name, law, _) in try Self.all() {
            for bad in [-0.1, 1.1, .nan, .infinity] {
                #expect(law.quantile(bad).isNaN, "\(name)")
                #expect(law.quantile(survival: bad).isNaN, "\(name)")
            }
            #expect(law.cumulative(.nan).isNaN, "\(name)")
            #expect(law.survival(.nan).isNaN, "\(name)")
            #expect(law.density(.nan).isNaN, "\(name)")
            #expect(law.cumulative(.infinity) == 1, "\(name)")
            #expect(law.survival(.infinity) == 0, "\(name)")
            #expect(law.cumulative(-.infinity) == 0, "\(name)")
            #expect(law.density(-.infinity) == 0, "\(name)")
            #expect(law.density(.infinity) == 0, "\(name)")
            #expect(law.cumulative(law.quantile(0)) == 0, "\(name)")
            #expect(law.cumulative(law.quantile(1)) == 1, "\(name)")
            #expect(law.quantile(0) == law.quantile(survival: 1), "\(name)")
        }
        #expect(NormalDistribution(mean: 0, standardDeviation: 0) == nil)
        #expect(NormalDistribution(mean: .nan, standardDeviation: 1) == nil)
        #expect(StudentDistribution(degreesOfFreedom: 0) == nil)
        for shape in [0, 1e-7, 1e10, .infinity, .nan] {
            #expect(StudentDistribution(degreesOfFreedom: shape) == nil)
            #expect(BetaDistribution(shape, 1) == nil)
            #expect(BetaDistribution(1, shape) == nil)
            #expect(GammaDistribution(shape: shape) == nil)
        }
        #expect(BetaDistribution(0, 1) == nil)
        #expect(BetaDistribution(1, .nan) == nil)
        #expect(GammaDistribution(shape: -1) == nil)
        #expect(GammaDistribution(shape: 1, scale: 0) == nil)
    }

    @Test func theBinomialSumsToOneAndKnowsItsEnds() throws {
        for (n, p) in [(0, 0.5), (1, 0.3), (40, 0.01), (500, 0.77), (12, 0), (12, 1)] {
            let law = try #require(BinomialDistribution(trials: n, probability: p))
            var sum = 0.0
            for k in 0...n {
                sum += law.mass(k)
                #expect(abs(law.cumulative(k) - sum) < 1e-13)
            }
            #expect(abs(sum - 1) < 1e-13)
            #expect(law.cumulative(-1) == 0)
            #expect(law.survival(-1) == 1)
            #expect(law.cumulative(n) == 1)
            #expect(law.mass(n + 1) == 0)
            #expect(law.mass(-1) == 0)
            #expect(law.quantile(0) == 0)
            #expect(law.quantile(1.5) == nil)
            #expect(law.quantile(.nan) == nil)
        }
        let fair = try #require(BinomialDistribution(trials: 1, probability: 0.5))
        #expect(fair.quantile(0.5) == 0)
        #expect(fair.quantile(0.51) == 1)
        #expect(BinomialDistribution(trials: -1, probability: 0.5) == nil)
        #expect(BinomialDistribution(trials: 1, probability: .nan) == nil)
        #expect(BinomialDistribution(trials: 1, probability: 1.01) == nil)
    }
}
