internal import Foundation
internal import GRDB

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

    private mutating func value() -> DatabaseValue.Storage {
        guard next < row.count else { return .null }
        defer { next += 1 }
        return (row[next] as DatabaseValue).storage
    }
}
