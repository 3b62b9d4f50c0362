/// Characters that cannot be seen, made visible.
public enum HiddenText {
    /// A JSON text, or a part of one, with every hidden character spelt `\uXXXX`: it means the same, and nothing of it is out of
    /// sight. Hidden is what `ShellText` refuses: control characters but line feed and tab, and all that has no shape or changes the
    /// order of others.
    public static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: { ShellText.isHidden($0) }) else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            guard ShellText.isHidden(scalar) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text
    }
}
