import Testing

@testable import Simulator

/// Sums in prompts, which the built-in scenarios work out.
@Suite struct WrittenSumTests {
    @Test(arguments: [
        ("What is 17 + 25?", "42"), ("9 * 8", "72"), ("100 - 37 =", "63"), ("144 ÷ 12", "12"), ("7 / 8", "0.875"),
        ("2.5 + 0.75", "3.25"), ("12 * 12 - 4 please", "140"), ("2 + 3 × 4 − 1", "13"), ("3 - 5", "-2"),
        ("1 / 3", "0.333333"), ("first 1 + 1, then 2 + 2", "2"), ("5 apples and 2 + 2", "4"), ("1 - 1", "0"),
        ("999999999 * 999999999", "9.99999998e+17"), ("line\n4 + 4\nend", "8"),
    ])
    func sumsAreWorkedOut(text: String, result: String) { #expect(WrittenSum.result(in: text) == result) }

    @Test(arguments: [
        "", "hello", "42", "2026-11-29", "1+1", "4 /", "+ 4", "1 / 0", "a + b", "-1 + 2", "1e5 + 1", "1.2.3 + 4",
        "12345678901234567890 + 1", "3 + x", "１ + １",
    ])
    func whatIsNoneHasNoResult(text: String) { #expect(WrittenSum.result(in: text) == nil) }
}
