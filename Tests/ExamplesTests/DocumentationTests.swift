import Foundation
import Testing

/// Everything that another program can see says what it is.
@Suite struct DocumentationTests {
    @Test(arguments: ["ProviderCore", "ProviderOpenAI", "ProviderHTTP"])
    func everyPublicDeclarationIsDocumented(library: String) throws {
        let folder = GuidePage.folder.appendingPathComponent("../\(library)").standardizedFileURL
        var declarations = 0
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            let scanner = DeclarationScanner(try String(contentsOf: file, encoding: .utf8))
            #expect(scanner.isBalanced, "\(file.lastPathComponent) cannot be read")
            #expect(scanner.undocumented.isEmpty, "\(file.lastPathComponent)")
            declarations += scanner.declarations
        }
        #expect(declarations >= (library == "ProviderCore" ? 600 : 3))
    }

    /// A bar stands for the end of a line.
    @Test(arguments: [
        ("public struct S {|    public var a = 1|}", 2),
        ("/// S.|public struct S {|    /// A.|    public var a = 1|    var b = \"}\"|    package let c = 1|}", 0),
        ("/// E.|public enum E: String {|    case a|    /// B.|    case b(Int)|    indirect case c|}", 2),
        ("enum E {|    case a|}", 0),
        (
            "/// P.|public protocol P {|    func f(|        _ a: Int|    )|    associatedtype A|    /// X.|    var x: Int|}",
            2
        ),
        ("public extension S {|    var x: Int { 1 }|    private var y: Int { let z = 1; return z }|}", 1),
        ("extension S {|    public static func + (l: S, r: S) -> S {|        switch l { case .a: r }|    }|}", 1),
        ("/// C.|open class C {|    open func f() {}|    public init() {}|}", 2),
        ("/// F.|@inlinable|public func f() {}|@inlinable|public func g() {}", 1),
        ("/// E.|public enum E {|    public enum I {|        case a|    }|    struct J { let k: Int }|}", 2),
        ("/// S.||public struct S {}|// S.|public struct T {}", 2),
        ("let s = \"\"\"|public struct S {|\"\"\"|/// F.|public func f() { g(#\"{\"a\":\"#) }|public func h() {}", 1),
        ("public internal(set) var x = 1|/// T.|public typealias T = Int|public private(set) var y = \"\\\"{\"", 2),
    ])
    func findsWhatIsMissing(source: String, count: Int) {
        let scanner = DeclarationScanner(source.replacing("|", with: "\n"))
        #expect(scanner.undocumented.count == count, "\(scanner.undocumented)")
        #expect(scanner.isBalanced)
    }
}
