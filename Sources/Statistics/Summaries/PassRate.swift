/// What several tries at one problem are worth. Averaged over problems by the caller.
public enum PassRate {
    /// pass@k: the probability that at least one of k tries, drawn without replacement from n of which c were right, is right:
    /// 1 - C(n-c, k) / C(n, k). Nil unless 0 <= c <= n and 1 <= k <= n.
    ///
    /// Computed as a product, so that nothing overflows. Source: M. Chen et al., Evaluating Large Language Models Trained
    /// on Code (arXiv 2107.03374), figure 3. n 5, c 2, k 3 gives 0.9.
    public static func any(of k: Int, correct c: Int, samples n: Int) -> Double? {
        drawn(k, from: n - c, of: n).map { 1 - $0 }
    }

    /// pass^k: the probability that all of k tries so drawn are right: C(c, k) / C(n, k). Nil as for `any`.
    ///
    /// Source: S. Yao et al., tau-bench (arXiv 2406.12045), section 3. n 5, c 4, k 2 gives 0.6.
    public static func all(of k: Int, correct c: Int, samples n: Int) -> Double? { drawn(k, from: c, of: n) }

    /// C(m, k) / C(n, k).
    private static func drawn(_ k: Int, from m: Int, of n: Int) -> Double? {
        guard m >= 0, m <= n, k >= 1, k <= n else { return nil }
        guard k <= m else { return 0 }
        // k factors, or as many as are not among those drawn from: C(m, k)/C(n, k) = C(n-k, n-m)/C(n, n-m).
        let factors = min(k, n - m)
        let top = k <= n - m ? m : n - k
        return (0..<factors).reduce(1) { $0 * (Double(top - $1) / Double(n - $1)) }
    }
}
