import Foundation
import FunctionTools
import Testing

@testable import Sandbox

/// What a sandbox shows, from folders that are made for it.
@Suite struct PlanTests {
    /// A folder in which names that end with a slash are folders, and `a -> b` is a link.
    private static func withFolder(_ names: [String], _ body: (String) throws -> Void) throws {
        let root =
            ResolvedPath.of(FileManager.default.temporaryDirectory.path) + "/plan-test-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: root) }
        for name in names {
            let parts = name.components(separatedBy: " -> ")
            let path = root + "/" + parts[0]
            let folder = name.hasSuffix("/") ? path : (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if parts.count == 2 {
                symlink(parts[1], path)
            } else if !name.hasSuffix("/") {
                try Data().write(to: URL(fileURLWithPath: path))
            }
        }
        try body(root)
    }

    private static func plan(
        _ root: String, home: String? = "home", work: String, path: [String] = [], hidden: [String] = [],
        visible: [String] = []
    ) -> MountPlan {
        MountPlan(
            MountPlan.Places(
                workingFolder: root + "/" + work, home: home.map { root + "/" + $0 },
                searchFolders: path.map { root + "/" + $0 },
                hidden: hidden.map { root + "/" + $0 }, visible: visible.map { root + "/" + $0 }, allowsNetwork: false,
                temporarySize: 1 << 20))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let files: [String]
        var home: String? = "home"
        var work = "home/src/p"
        var path: [String] = []
        var hidden: [String] = []
        var visible: [String] = []
        var seen: [String] = []
        var unseen: [String] = []
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "only the working folder of the home", files: ["home/src/p/a", "home/src/q/b", "home/c"],
            seen: ["home/src/p/a"],
            unseen: ["home/src/q/b", "home/c", "home"]),
        Case(name: "the home as working folder", files: ["home/a"], work: "home", unseen: ["home/a"]),
        Case(
            name: "folders of tools",
            files: ["home/.pyenv/shims/x", "home/.pyenv/versions/y", "home/.other/z", "home/src/p/"],
            path: ["home/.pyenv/shims", "home"], seen: ["home/.pyenv/shims/x", "home/.pyenv/versions/y"],
            unseen: ["home/.other/z"]),
        Case(
            name: "tools deep in .local and .config",
            files: [
                "home/.local/bin/x", "home/.local/lib/y", "home/.local/share/secret", "home/.config/composer/bin/z",
                "home/.config/gh/t",
            ],
            path: ["home/.local/bin", "home/.config/composer/bin"],
            seen: ["home/.local/bin/x", "home/.local/lib/y", "home/.config/composer/bin/z"],
            unseen: ["home/.local/share/secret", "home/.config/gh/t"]),
        Case(
            name: "companions", files: ["home/.cargo/bin/x", "home/.rustup/y", "home/.cargo/credentials.toml"],
            path: ["home/.cargo/bin"],
            seen: ["home/.cargo/bin/x", "home/.rustup/y"], unseen: ["home/.cargo/credentials.toml"]),
        Case(
            name: "a tool inside of a folder of secrets", files: ["home/.docker/bin/x", "home/.docker/config.json"],
            path: ["home/.docker/bin"], unseen: ["home/.docker/bin/x", "home/.docker/config.json"]),
        Case(
            name: "tools behind links", files: ["home/bin -> opt/v1/bin", "home/opt/v1/bin/x"], path: ["home/bin"],
            seen: ["home/opt/v1/bin/x", "home/bin/x"]),
        Case(
            name: "secrets of the working folder",
            files: ["home/src/p/.env", "home/src/p/.env.local", "home/src/p/.npmrc", "home/src/p/a"],
            seen: ["home/src/p/a"], unseen: ["home/src/p/.env", "home/src/p/.env.local", "home/src/p/.npmrc"]),
        Case(
            name: "hidden by the caller", files: ["home/src/p/keys/k", "home/src/p/one", "home/src/p/link -> keys/k"],
            hidden: ["home/src/p/keys", "home/src/p/one", "home/src/p/none"],
            unseen: ["home/src/p/keys/k", "home/src/p/one", "home/src/p/link"]),
        Case(
            name: "visible although hidden",
            files: ["home/src/p/conf/tools/a", "home/src/p/conf/tools/k", "home/src/p/conf/key", "home/src/p/b"],
            hidden: ["home/src/p/conf", "home/src/p/conf/tools/k"], visible: ["home/src/p/conf/tools"],
            seen: ["home/src/p/conf/tools/a", "home/src/p/b"],
            unseen: ["home/src/p/conf/key", "home/src/p/conf", "home/src/p/conf/tools/k"]),
        Case(
            name: "visible in a home", files: ["home/.config/t/tools/a", "home/.config/t/key", "home/.config/o"],
            hidden: ["home/.config/t"], visible: ["home/.config/t/tools", "home/.config/none"],
            seen: ["home/.config/t/tools/a"], unseen: ["home/.config/t/key", "home/.config/o", "home/.config/t"]),
        Case(
            name: "visible behind a link",
            files: ["home/.config/t/tools -> ../../dot/tools", "home/dot/tools/a", "home/dot/k", "home/.config/t/key"],
            hidden: ["home/.config/t"], visible: ["home/.config/t/tools"],
            seen: ["home/.config/t/tools/a", "home/dot/tools/a"], unseen: ["home/dot/k", "home/.config/t/key"]),
        Case(
            name: "visible behind a link to the home", files: ["home/.config/t/tools -> ../..", "home/a", "p/"],
            work: "p", hidden: ["home/.config/t"], visible: ["home/.config/t/tools"], unseen: ["home/a", "home"]),
        Case(
            name: "visible behind a link to secrets",
            files: ["home/.config/t/tools -> ../../x", "home/x/.ssh/k", "home/x/a"],
            home: "home/x", work: "home/src", visible: ["home/.config/t/tools"], unseen: ["home/x/.ssh/k", "home/x/a"]),
        Case(
            name: "hidden by way of a link", files: ["home/src/p/real/k", "home/conf -> src/p/real"],
            hidden: ["home/conf"],
            unseen: ["home/src/p/real/k"]),
        Case(
            name: "a home inside of the working folder", files: ["p/a", "p/home/.ssh/id", "p/home/b"], home: "p/home",
            work: "p",
            seen: ["p/a"], unseen: ["p/home/.ssh/id", "p/home/b"]),
        Case(
            name: "secrets in a working folder of settings", files: ["home/.config/gcloud/k", "home/.config/other/a"],
            work: "home/.config", seen: ["home/.config/other/a"], unseen: ["home/.config/gcloud/k"]),
    ]

    @Test(arguments: cases) func shows(_ item: Case) throws {
        try Self.withFolder(item.files + [item.work + "/"]) { root in
            let plan = Self.plan(
                root, home: item.home, work: item.work, path: item.path, hidden: item.hidden,
                visible: item.visible)
            for path in item.seen { #expect(!plan.hides(root + "/" + path), "\(path)") }
            for path in item.unseen { #expect(plan.hides(root + "/" + path), "\(path)") }
            #expect(plan.canHold(workingFolder: root + "/" + item.work))
        }
    }

    @Test func aWorkingFolderAmongSecretsIsRefused() throws {
        try Self.withFolder(["home/.ssh/sub/a"]) { root in
            for work in ["home/.ssh", "home/.ssh/sub"] {
                let plan = Self.plan(root, work: work)
                #expect(!plan.canHold(workingFolder: root + "/" + work))
            }
        }
    }

    @Test func pathsAreResolved() throws {
        try Self.withFolder(["a/b/c", "l -> a/b", "a/up -> ..", "loop -> loop"]) { root in
            for (written, path) in [
                ("/l/c", "/a/b/c"), ("/a/up/a/b", "/a/b"), ("//a/./b/../b/c", "/a/b/c"), ("/none/../x", "/x"),
                ("/l/new", "/a/b/new"),
            ] {
                #expect(ResolvedPath(root + written)?.path == root + path)
            }
            #expect(ResolvedPath(root + "/loop") == nil)
            #expect(ResolvedPath("relative") == nil)
            #expect(ResolvedPath("/../..")?.path == "/")
        }
    }

    @Test func onlyHarmlessVariablesArePassed() {
        let given = [
            "PATH": "/a:relative::.:/b", "LANG": "C.UTF-8", "LC_TIME": "C", "LC_EVIL": "x", "TZ": "UTC", "USER": "me",
            "OPENAI_API_KEY": "k",
            "https_proxy": "p", "SSH_AUTH_SOCK": "s", "LD_PRELOAD": "l", "TERM": "xterm", "TMPDIR": "/elsewhere",
            "HOME": "/h",
        ]
        let made = ProgramEnvironment(given, home: "/h")
        #expect(
            made.variables.sorted() == [
                "HOME=/h", "LANG=C.UTF-8", "LC_TIME=C", "PATH=/a:/b", "TERM=dumb", "TMPDIR=/tmp", "TZ=UTC", "USER=me",
            ])
        #expect(ProgramEnvironment([:], home: nil).searchFolders == ["/usr/local/bin", "/usr/bin", "/bin"])
    }

    @Test func credentialsInGitSettingsAreSeen() {
        for text in ["url = https://a:b@host/x", "extraheader = AUTHORIZATION: basic x", "[x]\n oauth_token = 1"] {
            #expect(Secrets.isInGitConfig(text))
        }
        for text in ["url = https://host/x", "url = git@host:x", "url = ssh://git@host:22/x", "[core]\n\tbare = false"]
        {
            #expect(!Secrets.isInGitConfig(text), "\(text)")
        }
    }

    /// A project that brings its own bubblewrap does not get to use it.
    @Test func bubblewrapOfTheWorkingFolderIsNotUsed() throws {
        try Self.withFolder(["p/bin/bwrap", "q/bwrap"]) { root in
            for path in ["/p/bin/bwrap", "/q/bwrap"] { chmod(root + path, path.hasPrefix("/q") ? 0o777 : 0o755) }
            for folder in ["/p/bin", "/q"] {
                if case .works(let found) = Bubblewrap.find(in: [root + folder], workingFolder: root + "/p") {
                    #expect(!found.path.hasPrefix(root))
                }
            }
            guard case .works(let found) = Bubblewrap.find(in: [root + "/p/bin"], workingFolder: root + "/q") else {
                Issue.record("not found")
                return
            }
            #expect(found.path == root + "/p/bin/bwrap")
        }
    }
}
