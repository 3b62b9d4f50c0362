internal import Foundation
internal import GRDB
import ProviderCore

/// The columns of a row, one after the other. Whatever is there is read without a trap: the file may come from anywhere.
struct Columns {
    private let row: Row
    private var next = 0

    init(_ row: Row) { self.row = row }

    mutating func text() -> String? {
        switch value() {
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        case .string(let text): text
        case .null, .int64, .double: nil
        }
    }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Int.self) -> Number? {
        if case .int64(let number) = value() { Number(exactly: number) } else { nil }
    }

    mutating func real() -> Double? {
        switch value() {
        case .double(let number): number
        case .int64(let number): Double(number)
        case .null, .string, .blob: nil
        }
    }

    mutating func bytes() -> [UInt8]? {
        if case .blob(let bytes) = value() { Array(bytes) } else { nil }
    }

    mutating func flag() -> Bool { number() == 1 }

    /// An amount in pico-dollars.
    mutating func money() -> Money? { number(Int128.self).map { Money(picodollars: $0) } }

    /// A time in microseconds.
    mutating func duration() -> Duration? { number(Int64.self).map { .microseconds($0) } }

    /// Token counts: input, cached, written, output, reasoning.
    mutating func usage() -> TokenUsage {
        let (input, cached, written, output, reasoning) = (number(), number(), number(), number(), number())
        return TokenUsage(
            inputTokens: input, outputTokens: output, cachedInputTokens: cached, cacheWriteTokens: written,
            reasoningTokens: reasoning)
    }

    private mutating func value() -> DatabaseValue.Storage {
        guard next < row.count else { return .null }
        defer { next += 1 }
        return (row[next] as DatabaseValue).storage
    }
}
