/// The variables that a program of a tool gets: none but those named here, so no key, no proxy and no agent.
struct ProgramEnvironment {
    private static let passed = ["LANG", "LANGUAGE", "TZ", "USER"]
    private static let locale = [
        "ALL", "ADDRESS", "COLLATE", "CTYPE", "IDENTIFICATION", "MEASUREMENT", "MESSAGES", "MONETARY", "NAME",
        "NUMERIC",
        "PAPER", "TELEPHONE", "TIME",
    ].map { "LC_" + $0 }

    /// The folders in which programs are looked up. Absolute ones only: others would mean the working folder.
    let searchFolders: [String]
    /// `NAME=VALUE`.
    let variables: [String]

    /// Takes what is allowed from an environment.
    init(_ environment: [String: String], home: String?) {
        let written = environment["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/bin:/usr/bin:/bin"
        searchFolders = written.utf8.split(separator: UInt8(ascii: ":")).map { String(Substring($0)) }
            .filter(\.isAbsolutePath)
        var variables = ["PATH=" + searchFolders.joined(separator: ":"), "TERM=dumb", "TMPDIR=/tmp"]
        if let home { variables.append("HOME=" + home) }
        for name in Self.passed + Self.locale {
            if let value = environment[name], !value.utf8.contains(0) { variables.append("\(name)=\(value)") }
        }
        self.variables = variables
    }

    /// The path of a program: a name is looked up, a path is relative to the working folder.
    func program(_ name: String, workingFolder: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) {
            let path = name.isAbsolutePath ? name : workingFolder + "/" + name
            return Files.isProgram(path) ? path : nil
        }
        guard !name.isEmpty else { return nil }
        return searchFolders.lazy.map { $0 + "/" + name }.first(where: Files.isProgram)
    }

    /// Why `program` finds none, in words.
    func problem(of name: String, workingFolder: String) -> String {
        let isPath = name.utf8.contains(UInt8(ascii: "/"))
        let folders = name.isAbsolutePath ? [""] : isPath ? [workingFolder] : searchFolders
        let isThere = folders.contains { Files.isFile($0 + "/" + name) }
        return isThere && !name.isEmpty ? "\(name) is not executable" : "there is no program \(name)"
    }
}
