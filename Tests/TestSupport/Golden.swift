import Foundation

/// Expected texts in files: `Golden/NAME.txt` beside the test that uses them. `UPDATE_GOLDEN=1` rewrites them; the diff is
/// reviewed like code.
public enum Golden {
    /// Compares a text with its file. Returns nil when they are equal, else what to tell the reader of the test.
    public static func difference(_ text: String, _ name: String, testFile: String = #filePath) -> String? {
        let file = URL(fileURLWithPath: testFile).deletingLastPathComponent()
            .appendingPathComponent("Golden").appendingPathComponent(name + ".txt")
        let wanted = text + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            do {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try wanted.write(to: file, atomically: true, encoding: .utf8)
                return nil
            } catch {
                return "\(file.lastPathComponent) cannot be written: \(error)"
            }
        }
        guard let known = try? String(contentsOf: file, encoding: .utf8) else {
            return "\(file.lastPathComponent) is missing; make golden writes it"
        }
        guard known != wanted else { return nil }
        let old = known.split(separator: "\n", omittingEmptySubsequences: false)
        let new = wanted.split(separator: "\n", omittingEmptySubsequences: false)
        let row = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
        func line(_ lines: [Substring]) -> Substring { lines.indices.contains(row) ? lines[row] : "(nothing)" }
        return "\(name) differs in line \(row + 1):\n  expected \(line(old))\n  shown    \(line(new))"
    }
}
