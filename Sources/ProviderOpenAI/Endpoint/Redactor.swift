import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Masks the credentials of one endpoint wherever a message quotes its server: as they are, percent-encoded, as JSON
/// spells them, in Base64. Texts that are shaped like OpenAI's keys are masked too, whoever's they are.
struct Redactor: Sendable {
    private let secrets: [Secret]

    init(_ secrets: [Secret]) {
        // The longer first: one may be a part of another.
        self.secrets = Set(secrets.flatMap(Self.spellings)).sorted { left, right in
            let (left, right) = (left.exposed(), right.exposed())
            return left.utf8.count != right.utf8.count ? left.utf8.count > right.utf8.count : left < right
        }
    }

    /// The text with every credential masked.
    func redacted(_ text: String) -> String {
        Self.maskingKeys(in: secrets.reduce(text) { $1.redacted($0) })
    }

    private static func spellings(_ secret: Secret) -> [Secret] {
        let plain = secret.exposed()
        guard plain.utf8.count >= 6 else { return [secret] }
        let json = String(JSONWriter.string(.string(plain)).dropFirst().dropLast())
        let base64 = Data(plain.utf8).base64EncodedString().prefix { $0 != "=" }
        let others = [BaseURL.percentEncoded(plain), json, json.replacing("/", with: "\\/"), String(base64)]
        return [secret] + others.compactMap { Secret($0) }
    }

    /// `sk-` at the beginning of a word and at least twenty letters, digits, `-` or `_` behind it.
    private static func maskingKeys(in text: String) -> String {
        guard text.contains("sk-") else { return text }
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isStart = index == 0 || !isOfKey(bytes[index - 1])
            let end = isStart && bytes[index...].starts(with: "sk-".utf8) ? endOfKey(bytes, from: index) : index
            if end - index >= 23 {
                kept += Array("sk-••••".utf8)
                index = end
            } else {
                kept.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private static func endOfKey(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { !isOfKey($0) } ?? bytes.count
    }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
